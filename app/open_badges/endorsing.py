"""Endorsing: a society vouches for an edition that others award."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app import site
from app.accounts.models import Person
from app.errors import Refusal
from app.journal.models import record
from app.open_badges import did, guard, pinned, proofs
from app.open_badges.document import Endorsed, profile
from app.schemes.models import Edition, Endorsement, Part
from app.signing_keys.models import Purpose, SigningKey
from app.signing_keys.queries import in_force
from app.signing_keys.signing import signer
from app.societies.models import Society
from app.texts import gettext as _


def achievement_id(edition: Edition) -> str:
    """How credentials name what an edition leads to."""
    return f"{site.address()}/certificates/{edition.scheme.code}#edition-{edition.id}"


def url(endorsement: Endorsement) -> str:
    code = endorsement.edition.scheme.code
    return f"{site.address()}/schemes/{code}/endorsements/{endorsement.id}"


def endorse(
    session: Session, edition: Edition, society: Society, *, comment: str, by: Person, at: datetime
) -> Endorsement:
    """The society vouches for the edition, with its own key and in its own words."""
    if society not in edition.scheme.societies(Part.ENDORSING):
        raise Refusal(_("%(society)s does not endorse this scheme.", society=society.short))
    if found := standing_one(session, edition, society):
        return found
    key = key_of(session, society, at=at)
    if key is None:
        raise Refusal(
            _("%(society)s has no signing key yet. Make one first.", society=society.short)
        )
    endorsement = Endorsement(
        edition=edition, society=society, by=by, at=at, comment=comment, document="",
        withdrawn_at=None,
    )  # fmt: skip
    session.add(endorsement)
    session.flush()
    issuer = did.society_id(society)
    document = _credential(endorsement, issuer)
    guard.check(document)
    signed = proofs.with_rdfc(
        document, method=did.method(issuer, key), sign=signer(key).sign, created=proofs.moment(at)
    )
    endorsement.document = json.dumps(signed, ensure_ascii=False, separators=(",", ":"))
    record(session, "edition.endorsed", by=by, at=at, on=edition, comment=comment,
           societies=[society, *edition.scheme.awarding], endorsement=endorsement.id)  # fmt: skip
    return endorsement


def key_of(session: Session, society: Society, *, at: datetime) -> SigningKey | None:
    """The key with which the society signs what it says."""
    return in_force(session, Purpose.PROOF, at=at, society_id=society.id)


def withdraw(
    session: Session, endorsement: Endorsement, *, by: Person, at: datetime, reason: str
) -> None:
    """The society vouches no longer; credentials issued from now on do not name it."""
    if endorsement.withdrawn_at is not None:
        return
    endorsement.withdrawn_at, endorsement.withdrawn_by_id = at, by.id
    endorsement.withdrawn_reason = reason
    record(session, "endorsement.withdrawn", by=by, at=at, on=endorsement.edition, reason=reason,
           societies=[endorsement.society, *endorsement.edition.scheme.awarding],
           endorsement=endorsement.id)  # fmt: skip


def standing_one(session: Session, edition: Edition, society: Society) -> Endorsement | None:
    return session.scalars(
        select(Endorsement).where(
            Endorsement.edition_id == edition.id,
            Endorsement.society_id == society.id,
            Endorsement.withdrawn_at.is_(None),
        )
    ).one_or_none()


def of_edition(session: Session, edition: Edition) -> Sequence[Endorsement]:
    """What stands for an edition, the oldest first."""
    found = Endorsement.standing(edition).options(joinedload(Endorsement.society))
    return session.scalars(found).all()


def ids_in(snapshot: Mapping[str, Any]) -> tuple[int, ...]:
    """The endorsements that a diploma names on its face: those that stood when it was issued."""
    return tuple(one["endorsement"] for one in snapshot["endorsing"] if "endorsement" in one)


def named(session: Session, ids: Collection[int]) -> tuple[Endorsed, ...]:
    """How a credential names these endorsements, each by its address and hash."""
    if not ids:
        return ()
    found = select(Endorsement).where(Endorsement.id.in_(ids)).order_by(Endorsement.id)
    whole = found.options(joinedload(Endorsement.edition).joinedload(Edition.scheme))
    return tuple(Endorsed(url(one), _sri(one.document)) for one in session.scalars(whole))


def _sri(document: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(document.encode()).digest()).decode()


def _credential(endorsement: Endorsement, issuer: str) -> dict[str, Any]:
    return {
        "@context": [pinned.VC, pinned.OB],
        "id": url(endorsement),
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": profile(issuer, endorsement.society.name),
        "name": f"{endorsement.edition}: endorsement by {endorsement.society.short}",
        "validFrom": proofs.moment(endorsement.at),
        "credentialSubject": {
            "id": achievement_id(endorsement.edition),
            "type": ["EndorsementSubject"],
            "endorsementComment": endorsement.comment,
        },
    }
