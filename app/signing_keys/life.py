"""What becomes of a key: it is certified, put in force, retired, or reported as compromised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography.x509 import Certificate
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.db import hold
from app.errors import Refusal
from app.journal.models import record
from app.schemes.models import Scheme
from app.signing_keys import certificates, queries
from app.signing_keys.models import (
    KeyCertification,
    KeyCompromise,
    KeyRetirement,
    SigningKey,
)
from app.societies.models import Society
from app.texts import gettext as _


def certify(
    session: Session, key: SigningKey, chain: Sequence[Certificate], *,
    by: Person | None, at: datetime, is_qualified: bool = False,
) -> None:  # fmt: skip
    """Give a key its certificate and the chain above it; what was there before stays on record."""
    own = chain[0]
    if is_qualified and not certificates.says_qualified(own):
        raise Refusal(_("This certificate does not say that it is a qualified one. Leave that out, "
                        "or ask who issued it for one that does."))  # fmt: skip
    text = certificates.pem(chain)
    session.add(KeyCertification(key=key, at=at, by=by, certificates=text,
                                 is_qualified=is_qualified))  # fmt: skip
    key.certificates, key.is_qualified = text, is_qualified
    key.expires_at = own.not_valid_after_utc
    record(session, "signing_key.certified", by=by, at=at, on=key, societies=concerned(key),
           issuer=certificates.common_name(own.issuer), qualified=is_qualified,
           until=own.not_valid_after_utc.isoformat(),
           fingerprint=certificates.grouped(certificates.der(text)[0]))  # fmt: skip


def put_in_force(session: Session, key: SigningKey, *, by: Person | None, at: datetime) -> None:
    """Let it sign from now on; the one that did is retired and vouches for what it signed."""
    if key.has_ended:
        raise Refusal(_("%(name)s was ended; make a new key instead.", name=key.name))
    if key.is_in_force(at=at):
        return
    if key.expires_at is not None and key.expires_at <= at:
        raise Refusal(_("The certificate of %(name)s has ended.", name=key.name))
    _one_at_a_time(session, key)
    for former in queries.unended(session, key):
        if former.in_force_at is not None:
            told = _("%(name)s signs in its place.", name=key.name)
            retire(session, former, by=by, at=at, reason=told)
    key.in_force_at = at
    record(session, "signing_key.put_in_force", by=by, at=at, on=key,
           societies=concerned(key))  # fmt: skip


def _one_at_a_time(session: Session, key: SigningKey) -> None:
    """Two officers at once put two keys in force one after the other."""
    if key.society_id is not None:
        hold(session, select(Society.id).where(Society.id == key.society_id))
    if key.scheme_id is not None:
        hold(session, select(Scheme.id).where(Scheme.id == key.scheme_id))


def retire(
    session: Session, key: SigningKey, *, by: Person | None, at: datetime, reason: str
) -> None:
    """Let it sign nothing new; what it signed stands."""
    if key.has_ended:
        return
    key.retirement = KeyRetirement(at=at, by=by, reason=reason)
    record(session, "signing_key.retired", by=by, at=at, on=key, societies=concerned(key),
           reason=reason)  # fmt: skip


def report(
    session: Session, key: SigningKey, *, since: datetime, by: Person | None, at: datetime,
    reason: str,
) -> None:  # fmt: skip
    """Report that someone else may hold it, since a moment; it stops at once, retired or not."""
    if key.compromise is not None:
        raise Refusal(_("This was reported already. An earlier moment is a matter for the "
                        "administrators of the platform."))  # fmt: skip
    if since > at:
        raise Refusal(_("The moment lies in the future. Since when may it be in other hands?"))
    key.compromise = KeyCompromise(since=since, at=at, by=by, reason=reason)
    record(session, "signing_key.reported", by=by, at=at, on=key, societies=concerned(key),
           since=since.isoformat(), reason=reason)  # fmt: skip


def concerned(key: SigningKey) -> list[Society]:
    """Whose key it is: a society's, or all of a scheme's together."""
    if key.scheme is not None:
        return key.scheme.concerned
    return [key.society] if key.society is not None else []
