"""Making a diploma without the guard that lets only one worker win: for controls alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.credentials.models import Credential
from app.journal.models import record
from app.sealing.models import Seal


def finish_without_looking(
    session: Session, key: int, *, digest: str, size: int, at: datetime, **_facts: Any
) -> bool:
    """What `typesetting.finish` does, whether or not another was first."""
    credential = session.get_one(Credential, key, with_for_update=True)
    session.execute(delete(Seal).where(Seal.credential_id == key))
    credential.file_digest, credential.file_size, credential.typeset_at = digest, size, at
    record(session, "credential.typeset", by=None, at=at, on=credential, sha256=digest, size=size)
    return True
