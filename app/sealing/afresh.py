"""What waits and bears a mark of a key that others may hold: it is made anew, never finished."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Session

from app.credentials.models import Credential
from app.open_badges.models import OpenBadge
from app.sealing.models import SigningRequest
from app.signing_keys.models import KeyCompromise, Purpose, SigningKey


def spoilt(session: Session, among: Select[int]) -> set[int]:
    """Those of these unfinished credentials that a compromised key has sealed, proved or is asked
    to seal."""
    reported = session.execute(
        select(SigningKey.id, SigningKey.purpose, SigningKey.name).join(KeyCompromise)
    ).all()
    if not reported:
        return set()
    unfinished = select(Credential.id).where(
        Credential.id.in_(among), Credential.file_digest.is_(None)
    )
    keys = {key for key, _purpose, _name in reported}
    asked = session.execute(
        select(SigningRequest.credential_id, SigningRequest.key_id, SigningRequest.sealed_by).where(
            SigningRequest.credential_id.in_(unfinished)
        )
    )
    found = {credential for credential, key, before in asked if keys & {key, *before}}
    marks = [OpenBadge.document.contains(f'#{name}"', autoescape=True)
             for _key, purpose, name in reported if purpose == Purpose.PROOF]  # fmt: skip
    if marks:
        proved = select(OpenBadge.credential_id).where(
            OpenBadge.credential_id.in_(unfinished), or_(*marks)
        )
        found |= set(session.scalars(proved))
    return found


def drop_spoilt(session: Session, credential_ids: Iterable[int]) -> None:
    """Forget what was begun of them, so that it is begun anew under the keys in force."""
    these = select(Credential.id).where(Credential.id.in_(list(credential_ids)))
    found = spoilt(session, these)
    if found:
        session.execute(delete(SigningRequest).where(SigningRequest.credential_id.in_(found)))
        session.execute(delete(OpenBadge).where(OpenBadge.credential_id.in_(found)))
