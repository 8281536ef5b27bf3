"""The analytics of BigBlueButton: the JSON that its server posts after a meeting.

Every attendee has the moments of joining and of leaving, in UTC, for all their devices together. A
missing leaving is the end of the meeting. The id is the one that our link to join handed over.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from app.attendance.gathering import Gathering, Who
from app.attendance.presence import Interval
from app.attendance.report import Provider, Reason, Report, Role
from app.attendance.table import CELL, LINE_ENDS, ROWS
from app.attendance.unreadable import Kind, Unreadable
from app.attendance.wall_clock import WallClock

LIST = re.compile(r'"attendees"\s*:\s*\[')
MARK = '"internal_meeting_id"'


def is_bbb_callback(text: str) -> bool:
    return text.lstrip().startswith("{") and MARK in text[:100_000]


def read(text: str) -> Report:
    """The report in the JSON. It needs no zone: its times are told in UTC."""
    told = _parsed(text)
    data = _mapping(told.get("data"), "data", "the file", 1)
    finish = _moment(data.get("finish"), "finish", "the meeting", 1)
    start = _moment(data.get("start"), "start", "the meeting", 1)
    about = data.get("metadata")
    topic = about.get("meeting_name") if isinstance(about, dict) else None
    clock = WallClock(ZoneInfo("UTC"), "BigBlueButton", "2026-10-14T16:00:00Z")
    gathered = Gathering(clock)
    attendees = data.get("attendees")
    if not isinstance(attendees, list):
        raise Unreadable(Kind.LACKS, 1, whose="the meeting", key="attendees")
    if len(attendees) > ROWS:
        raise Unreadable(Kind.TOO_MANY_ROWS, 1, limit=ROWS)
    for number, (one, line) in enumerate(zip(attendees, _lines(text, attendees), strict=True)):
        _take(one, number + 1, line, finish, gathered)
    return Report(
        provider=Provider.BBB_CALLBACK,
        topic=topic if isinstance(topic, str) else "",
        rows=tuple(gathered.rows),
        webinar_id=str(told.get("meeting_id") or "")[:CELL] or None,
        started_at=start,
        minutes=int((finish - start).total_seconds()) // 60,
        ignored=tuple(gathered.ignored),
    )


def _parsed(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(Kind.NOT_JSON, error.lineno, fault=error.msg) from None
    except (RecursionError, ValueError):
        raise Unreadable(Kind.NOT_JSON, 1, fault="a number or a nesting without end") from None
    return _mapping(told, "data", "the file", 1)


def _lines(text: str, attendees: list[Any]) -> Iterator[int]:
    """The line on which each attendee begins: the list is walked once more, object by object."""
    decoder = json.JSONDecoder()
    starts = [match.end() for match in LIST.finditer(text)]
    place = next(at for at in reversed(starts) if decoder.raw_decode(text, at - 1)[0] == attendees)
    line, counted = 1, 0
    for _ in attendees:
        while text[place] in " \t\r\n,":
            place += 1
        line += len(LINE_ENDS.findall(text, counted, place))
        counted = place
        yield line
        place = decoder.raw_decode(text, place)[1]


def _take(told: object, number: int, line: int, finish: datetime, gathered: Gathering) -> None:
    whose = f"attendee {number}"
    one = _mapping(told, "name", whose, line)
    name, id = one.get("name"), one.get("ext_user_id") or ""
    if not isinstance(name, str) or not isinstance(id, str):
        key = "ext_user_id" if isinstance(name, str) else "name"
        raise Unreadable(Kind.LACKS, line, whose=whose, key=key)
    is_address = "@" in id
    who = Who(
        " ".join(name.split()),
        id if is_address else "",
        Role.HOST if one.get("moderator") is True else Role.ATTENDEE,
        external_id="" if is_address else id,
    )
    joins = _moments(one.get("joins"), "joins", whose, line)
    leaves = _moments(one.get("leaves"), "leaves", whose, line)
    if len(leaves) > len(joins):
        raise Unreadable(Kind.LACKS, line, whose=whose, key="joins")
    if not joins:
        gathered.ignore(line, Reason.NO_TIMES)
    if not gathered.names(who, line):
        return
    # Which leaving belongs to which joining makes no difference to their union.
    for joined, left in zip_longest(joins, leaves, fillvalue=finish):
        if left < joined:
            raise Unreadable(Kind.BACKWARDS, line, joined=f"{joined:%H:%M:%S} UTC",
                             left=f"{left:%H:%M:%S} UTC")  # fmt: skip
        gathered.add(who, line, Interval(joined, left))


def _moments(told: object, key: str, whose: str, line: int) -> list[datetime]:
    if not isinstance(told, list):
        raise Unreadable(Kind.LACKS, line, whose=whose, key=key)
    return sorted(_moment(one, key, whose, line) for one in told)


def _moment(told: object, key: str, whose: str, line: int) -> datetime:
    try:
        moment = datetime.fromisoformat(str(told)).astimezone(UTC)
        if isinstance(told, str) and 2000 <= moment.year <= 2100 and "T" in told:
            return moment
    except (ValueError, OverflowError):
        pass
    raise Unreadable(Kind.LACKS, line, whose=whose, key=key)


def _mapping(told: object, key: str, whose: str, line: int) -> dict[str, Any]:
    if not isinstance(told, Mapping):
        raise Unreadable(Kind.LACKS, line, whose=whose, key=key)
    return dict(told)
