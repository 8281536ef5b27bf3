"""What a seal key has sealed, for those who doubt the key."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.credentials.models import Credential
from app.sealing.models import DocumentTimestamp, Seal
from app.signing_keys.doubts import Signed
from app.signing_keys.models import SigningKey


def sealed_with(session: Session, key: SigningKey) -> list[Signed]:
    """Documents that it sealed, with the first time stamp over each."""
    stamped = (
        select(DocumentTimestamp.credential_id, func.min(DocumentTimestamp.at).label("at"))
        .group_by(DocumentTimestamp.credential_id)
        .subquery()
    )
    credential = joinedload(Seal.credential, innerjoin=True)
    found = session.execute(
        select(Seal, stamped.c.at)
        .options(credential.load_only(Credential.serial, Credential.snapshot),
                 credential.joinedload(Credential.revocation),
                 credential.joinedload(Credential.supersession))
        .outerjoin(stamped, stamped.c.credential_id == Seal.credential_id)
        .where(Seal.key_id == key.id)
    )  # fmt: skip
    return [
        Signed(s.credential.serial, s.credential.title, s.at, at, s.credential.is_over)
        for s, at in found
    ]
