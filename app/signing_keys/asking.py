"""Asking an authority for a certificate, and taking in what it issued."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from cryptography.x509 import Certificate
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.errors import Refusal
from app.journal.models import record
from app.signing_keys import certificates
from app.signing_keys.life import certify, concerned
from app.signing_keys.making import named
from app.signing_keys.models import Purpose, SigningKey
from app.signing_keys.signing import private
from app.texts import gettext as _


def writes(key: SigningKey) -> Callable[[], str]:
    """What writes the request, signed with the key itself: a token takes its time for it, and
    nobody shall wait for it in a transaction."""
    _needs_certificate(key)
    holder = private(key)
    assert isinstance(holder, certificates.Private)
    return partial(certificates.request, holder, named(key))


def request(
    session: Session, key: SigningKey, *, by: Person | None, at: datetime, text: str | None = None
) -> None:
    """Keep the request that an authority certifies; `text` was written before the transaction."""
    _needs_certificate(key)
    key.request = text or writes(key)()
    record(session, "signing_key.requested", by=by, at=at, on=key,
           societies=concerned(key))  # fmt: skip


def take_in_chain(
    session: Session, key: SigningKey, found: Sequence[Certificate], *,
    by: Person | None, at: datetime, is_qualified: bool = False,
) -> None:  # fmt: skip
    """Take in what the authority issued for this key, in order up to its root."""
    _needs_certificate(key)
    chain = certificates.chain(found, certificates.public_key(key.public_key), at=at)
    certify(session, key, chain, by=by, at=at, is_qualified=is_qualified)


def _needs_certificate(key: SigningKey) -> None:
    if key.purpose is not Purpose.SEAL:
        raise Refusal(_("Only seals have certificates."))
    if key.has_ended:
        raise Refusal(_("%(name)s was ended; make a new key instead.", name=key.name))
