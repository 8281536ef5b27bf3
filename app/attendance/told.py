"""What a meeting platform told by itself, as a report like any other.

Callbacks come late and in any order, so what was told may still change. It is taken in as it stands
at that moment, and kept; taken in again later, the newer account takes the place of the older one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from app.attendance.report import Provider, Report, Role, Row
from app.meetings.queries import PresenceRow


def report_of(rows: Sequence[PresenceRow], title: str) -> Report:
    """The report in these rows."""
    return Report(
        provider=Provider.TOLD,
        topic=title,
        rows=tuple(
            Row(
                name=row.name or row.address or "?",
                address=row.address or None,
                joined=row.joined_at,
                left=row.left_at,
                line=number,
                role=Role.HOST if row.moderates and not row.enrolment_id else Role.ATTENDEE,
                external_id=link_id(row.enrolment_id) if row.enrolment_id else "",
            )
            for number, row in enumerate(_in_order(rows), 1)
        ),
    )


def link_id(enrolment_id: int) -> str:
    """By what an own link to join makes somebody known to a platform."""
    return f"e{enrolment_id}"


def content_of(rows: Sequence[PresenceRow]) -> bytes:
    """The same rows as they are kept: the same for the same account, whatever its order."""
    told = [
        {
            "name": row.name, "address": row.address, "enrolment": row.enrolment_id,
            "joined": row.joined_at.isoformat(), "left": row.left_at.isoformat(),
            "moderates": row.moderates, "platform": str(row.provider),
        }
        for row in _in_order(rows)
    ]  # fmt: skip
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _in_order(rows: Sequence[PresenceRow]) -> list[PresenceRow]:
    return sorted(rows, key=lambda row: (row.joined_at, row.left_at, row.name, row.address))
