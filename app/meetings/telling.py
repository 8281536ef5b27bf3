"""The callbacks of Zoom and BigBlueButton, read into events."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from app.meetings.events import Event, What
from app.meetings.platform import Stay
from app.meetings.zoom import moment

LONGEST = 200
ZOOM = {
    "participant_joined": What.JOINED,
    "participant_left": What.LEFT,
    "ended": What.ENDED,
}
BIGBLUEBUTTON = {
    "user-joined": What.JOINED,
    "user-left": What.LEFT,
    "meeting-ended": What.ENDED,
}


def from_zoom(told: Mapping[str, Any]) -> tuple[str, Event] | None:
    """(number of the meeting, event) of a webhook; nothing when it is about something else."""
    kind, _dot, name = str(told.get("event", "")).partition(".")
    what = ZOOM.get(name) if kind in {"meeting", "webinar"} else None
    room = _inside(told, "payload", "object")
    if what is None or not room.get("id"):
        return None
    person = _inside(room, "participant")
    at = (
        moment(room.get("end_time"))
        if what is What.ENDED
        else moment(person.get("join_time" if what is What.JOINED else "leave_time"))
        or moment(person.get("date_time"))
    ) or _milliseconds(told.get("event_ts"))
    line = _text(person.get("user_id") or person.get("participant_uuid"))
    instance = _text(room.get("uuid"))
    if at is None or (what is not What.ENDED and not line):
        return None
    key = _key("zoom", what, instance, line, _text(person.get("participant_uuid")), at.isoformat())
    return _text(room["id"]), Event(
        key, what, at, instance=instance, connection=line,
        guest=_text(person.get("registrant_id")), name=_text(person.get("user_name")),
        address=_text(person.get("email")).lower(),
    )  # fmt: skip


def from_bigbluebutton(told: object) -> Iterator[tuple[str, Event]]:
    """(name of the meeting, event) of a webhook's `event`: one of them, or a list."""
    for one in told if isinstance(told, list) else [told]:
        data = _inside(one, "data") if isinstance(one, dict) else {}
        what = BIGBLUEBUTTON.get(str(data.get("id")))
        room, person = _inside(data, "attributes", "meeting"), _inside(data, "attributes", "user")
        at = _milliseconds(_inside(data, "event").get("ts"))
        line = _text(person.get("internal-user-id"))
        if what is None or at is None or (what is not What.ENDED and not line):
            continue
        instance = _text(room.get("internal-meeting-id"))
        key = _key("bbb", what, instance, line, at.isoformat())
        yield _text(room.get("external-meeting-id")), Event(
            key, what, at, instance=instance, connection=line,
            guest=_text(person.get("external-user-id")), name=_text(person.get("name")),
            moderates=str(person.get("role", "")).upper() == "MODERATOR",
        )  # fmt: skip


def from_minutes(told: Mapping[str, Any]) -> tuple[str, list[Event]]:
    """(name of the meeting, stays) of BigBlueButton's account of a meeting that is over."""
    data = _inside(told, "data")
    finish = moment(data.get("finish"))
    stays = []
    attendees = data.get("attendees")
    for person in attendees if isinstance(attendees, list) else []:
        if not isinstance(person, dict):
            continue
        coming, going = _moments(person.get("joins")), _moments(person.get("leaves"))
        for joined, left in paired(coming, going, finish):
            stays.append(
                Stay(
                    name=_text(person.get("name")),
                    address="",
                    joined_at=joined,
                    left_at=left,
                    guest=_text(person.get("ext_user_id")),
                    moderates=person.get("moderator") is True,
                )
            )
    return _text(told.get("meeting_id")), list(from_stays(stays))


def from_stays(stays: Iterable[Stay]) -> Iterator[Event]:
    """Rows of a report as events; the same row is the same event."""
    for stay in stays:
        if stay.left_at <= stay.joined_at:
            continue
        parts = (stay.guest, stay.address, stay.name, stay.joined_at, stay.left_at)
        yield Event(
            _key("stay", *map(str, parts)), What.STAYED, stay.joined_at, until=stay.left_at,
            guest=_text(stay.guest), name=_text(stay.name), address=_text(stay.address),
            moderates=stay.moderates,
        )  # fmt: skip


def paired(
    coming: list[datetime], going: list[datetime], finish: datetime | None
) -> Iterator[tuple[datetime, datetime]]:
    """Each coming with the first going after it, which belongs to one coming alone.

    Who came and never went was there until the end of the meeting.
    """
    left = sorted(going)
    for joined in sorted(coming):
        after = next((at for at in left if at >= joined), None)
        if after is not None:
            left.remove(after)
            yield joined, after
        elif finish is not None and finish > joined:
            yield joined, finish


def _inside(told: Any, *path: str) -> dict[str, Any]:
    """The object at a path; an empty one when there is none."""
    for name in path:
        told = told.get(name) if isinstance(told, dict) else None
    return told if isinstance(told, dict) else {}


def _text(value: object) -> str:
    """Short text of a value that ought to be text or a number."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return "".join(c for c in str(value) if c.isprintable()).strip()[:LONGEST]


def _moments(told: object) -> list[datetime]:
    return [at for one in told if (at := moment(one))] if isinstance(told, list) else []


def _milliseconds(told: object) -> datetime | None:
    if isinstance(told, bool) or not isinstance(told, int) or not 0 < told < 10**14:
        return None
    return datetime.fromtimestamp(told / 1000, UTC)


def _key(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()
