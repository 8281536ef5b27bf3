"""The rows that a leaf vouches for, each in one canonical form.

A leaf carries SHA-256(salt || record): whoever changes the row afterwards is found out, while the
leaf itself gives nothing away, not even to those who guess at a name. The columns are written out:
what a leaf vouches for stays the same when a table is given another column.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum
from hashlib import sha256
from typing import Any

import rfc8785

from app.awards.models import Approval, Award
from app.completions.models import Completion
from app.credentials.models import Credential
from app.sealing.models import Seal

CREDENTIAL = (
    "id", "serial", "kind", "person_id", "award_id", "completion_id", "version", "snapshot",
    "issued_at", "issued_on", "valid_until", "design_version_id", "typeset_at",
)  # fmt: skip
"""Without the file, which the leaf names itself, and without what holders and workers change."""
AWARD = ("id", "list_id", "candidacy_id", "holder_name", "evidence", "replaces")
LIST = (
    "id", "edition_id", "title", "drawn_up_at", "drawn_up_by_id", "frozen_at", "version", "content",
    "digest",
)  # fmt: skip
APPROVAL = ("id", "list_id", "society_id", "mandate_id", "by_id", "at", "digest")
RELEASE = ("list_id", "at", "on", "digest")
COMPLETION = (
    "id", "enrolment_id", "person_id", "activity_id", "at", "seconds", "of_seconds", "threshold",
    "score", "pass_mark",
)  # fmt: skip
SEAL = ("position", "society_id", "key_id", "at")
ACT = ("credential_id", "by_id", "society_id", "at", "on", "reason")
REINSTATEMENT = ("suspension_id", "by_id", "society_id", "at", "on", "reason")
SUPERSESSION = ("old_id", "new_id", "at", "on", "reason")
TIMESTAMP = ("id", "credential_id", "at", "authority", "valid_until", "file_digest", "file_size")

COUNTERSIGNATURE = (
    "id", "head_size", "society_id", "key_id", "by_id", "at", "signed_at", "signature",
)  # fmt: skip


def commitment(salt: bytes, record: Any) -> str:
    """What a leaf says of a record."""
    return sha256(salt + rfc8785.dumps(record)).hexdigest()


def of_row(row: Any, columns: Iterable[str]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in columns}


def of_credential(credential: Credential) -> dict[str, Any]:
    return of_row(credential, CREDENTIAL)


def of_origin(origin: Award | Completion) -> dict[str, Any]:
    return of_row(origin, COMPLETION if isinstance(origin, Completion) else AWARD)


def of_approvals(approvals: Iterable[Approval]) -> list[dict[str, Any]]:
    return [of_row(one, APPROVAL) for one in sorted(approvals, key=lambda one: one.id)]


def of_seals(seals: Iterable[Seal]) -> list[dict[str, Any]]:
    return [of_row(seal, SEAL) for seal in sorted(seals, key=lambda seal: seal.position)]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Enum):
        return str(value.value)
    return value
