"""Endorsements: each society's own word, what the register says of it, and whether it still stands.

Nobody but the journal tells that one was withdrawn, so that is asked as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.journal.models import Entry
from app.open_badges import proofs
from app.rechecks.badges import fragment
from app.rechecks.found import Found
from app.rechecks.journalled import Journalled, journalled
from app.rechecks.keys import Trusted
from app.schemes.models import Edition, Endorsement
from app.signing_keys.models import Purpose
from app.signing_keys.queries import ever

ENDORSED, WITHDRAWN = "edition.endorsed", "endorsement.withdrawn"


def keys(session: Session, after: int, limit: int) -> Sequence[int]:
    """Those on record, and those of which only the journal still tells."""
    there = session.scalars(select(Endorsement.id).where(Endorsement.id > after)).all()
    told = {key for key, _entry in _journalled(session).of(ENDORSED) if key > after}
    return sorted({*there, *told})[:limit]


def look(session: Session, ids: Sequence[int], at: datetime) -> Iterator[Found]:
    trusted, told = Trusted(session), _journalled(session)
    found = session.scalars(select(Endorsement).where(Endorsement.id.in_(ids)))
    rows = {one.id: one for one in found}
    for key in ids:
        one = rows.get(key)
        reason = _against(session, one, told, trusted) if one else _against_none(key, told)
        if reason:
            yield Found("endorsement", str(key), reason)


def _journalled(session: Session) -> Journalled:
    about_editions = Entry.subject_kind == Edition.__name__
    return journalled(session, (ENDORSED, WITHDRAWN), _subject, about_editions)


def _subject(entry: Entry) -> int | None:
    key = entry.details.get("endorsement")
    return key if isinstance(key, int) else None


def _against(session: Session, one: Endorsement, told: Journalled, trusted: Trusted) -> str:
    society_keys = ever(session, Purpose.PROOF, society_id=one.society_id)
    if all(map(trusted, society_keys)):
        public = {key.name: load_pem_public_key(key.public_key.encode()) for key in society_keys}
        if not _is_proven(one.document, public):
            return "the endorsement is not what was signed"
    if not _says(json.loads(one.document), one):
        return "it says something else than the record"
    if not told.bears_out(ENDORSED, one.id, one.at, comment=one.comment):
        return "the journal does not tell of it so"
    if one.withdrawn_at is None:
        if one.withdrawn_reason:
            return "it stands, and yet it says why it was withdrawn"
        withdrawn = [entry for key, entry in told.of(WITHDRAWN) if key == one.id]
        return "its withdrawal is gone" if any(map(told.holds, withdrawn)) else ""
    is_told = told.bears_out(WITHDRAWN, one.id, one.withdrawn_at, reason=one.withdrawn_reason)
    return "" if is_told else "the journal does not tell so of its withdrawal"


def _against_none(key: int, told: Journalled) -> str:
    given = [entry for id, entry in told.of(ENDORSED) if id == key]
    return "the journal tells of it; the record is gone" if any(map(told.holds, given)) else ""


def _is_proven(document: str, public: Mapping[str, Any]) -> bool:
    try:
        verdicts = proofs.verify_rdfc(
            json.loads(document), lambda method: public.get(fragment(method))
        )
        return bool(verdicts) and all(verdicts.values())
    except Exception:  # whatever a broken document does to a reader, it is broken
        return False


def _says(document: Mapping[str, Any], one: Endorsement) -> bool:
    """Whether its document is this record's; the address of the site may have been another."""
    subject = document["credentialSubject"]
    return (
        document["id"].endswith(f"/endorsements/{one.id}")
        and document["validFrom"] == proofs.moment(one.at)
        and subject["id"].endswith(f"#edition-{one.edition_id}")
        and subject["endorsementComment"] == one.comment
    )
