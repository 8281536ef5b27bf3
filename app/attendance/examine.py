"""`flask attendance examine FILE`: who was there, says a report. The database is not touched."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from app.attendance.plausibility import Doubt, plausibility
from app.attendance.presence import Interval, has_reached, measure, seconds
from app.attendance.reading import read
from app.attendance.report import NOTES, Participant, Report, Role
from app.attendance.unreadable import Unreadable


@dataclass(frozen=True)
class Presence:
    """One line of the answer: how long one person was there.

    Where the report tells only a sum, `seconds` is what that proves and `most` what it allows.
    """

    name: str
    address: str | None
    role: Role
    seconds: int
    most: int
    known_from: str
    intervals: list[tuple[str, str]]
    between: list[tuple[str, str]]
    reached: bool


@click.command("examine")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--zone", required=True, help="Time zone of the report, such as Europe/Vienna.")
@click.option("--starts", required=True, help="Start of the session, ISO 8601.")
@click.option("--ends", required=True, help="End of the session, ISO 8601.")
@click.option("--threshold", default=80, show_default=True, help="Percent that must be reached.")
@click.option("--title", default="", help="Title of the webinar, to doubt a report of another one.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def examine(
    file: Path, zone: str, starts: str, ends: str, threshold: int, title: str, as_json: bool
) -> None:
    """Print how long everybody in an attendance report was present.

    FILE is the report as the provider gave it. A time without an offset is taken in the zone. Exit
    status 2 and one sentence on standard error when the file or an option cannot be read.

    \b
    The JSON has: provider, topic, webinar_id,
    session {starts, ends, seconds, zone, threshold},
    people [{name, address, role, seconds, most, known_from, intervals [[from, to]],
    between [[from, to]], reached}] (the audience),
    panel (hosts and panelists, of the same shape), registered_not_attended [{name, address}],
    ignored [{line, reason, sentence}], doubts [{kind, sentence}], notes [{kind, sentence}].
    Times are in UTC, intervals are merged and clipped to the session.
    known_from says “times”, or “duration column only” where the report has but a sum of somebody:
    then seconds is the least it proves, most the most it allows, between where it lies.
    """
    clock = _zone(zone)
    session = _session(_moment("--starts", starts, clock), _moment("--ends", ends, clock))
    if not 0 <= threshold <= 100:
        raise _Wrong("--threshold must be a percentage from 0 to 100.")
    report = _report(file, clock)
    people = [_presence(one, session, threshold) for one in report.participants]
    doubts = plausibility(report, session, title)
    if as_json:
        click.echo(_json(report, session, people, doubts, zone=zone, threshold=threshold))
    else:
        for line in _lines(report, session, people, doubts):
            click.echo(line)


class _Wrong(click.ClickException):
    """One sentence on standard error, and the exit status of a usage error."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        click.echo(self.message, err=True)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        raise _Wrong(
            f"--zone: “{name}” is no time zone; write one such as Europe/Vienna."
        ) from None


def _moment(option: str, text: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _Wrong(
            f"{option}: “{text}” is no date and time; write one such as 2026-10-14T18:00:00+02:00."
        ) from None


def _session(starts: datetime, ends: datetime) -> Interval:
    if (ends - starts).total_seconds() < 1:
        raise _Wrong("--ends must come after --starts.")
    return Interval(starts, ends)


def _report(file: Path, zone: ZoneInfo) -> Report:
    try:
        return read(file.read_bytes(), zone=zone)
    except OSError as error:
        raise _Wrong(f"{file} cannot be opened: {error.strerror}.") from None
    except Unreadable as unreadable:
        raise _Wrong(unreadable.sentence()) from None


def _presence(one: Participant, session: Interval, threshold: int) -> Presence:
    found = measure(one.intervals, [session], one.totals)
    return Presence(
        name=one.name,
        address=one.address,
        role=one.role,
        seconds=found.seconds,
        most=found.most,
        known_from="duration column only" if found.between else "times",
        intervals=_told(found.intervals),
        between=_told(found.between),
        reached=has_reached(found.seconds, of=seconds([session]), threshold=threshold),
    )


def _told(intervals: Iterable[Interval]) -> list[tuple[str, str]]:
    return [(one.joined.isoformat(), one.left.isoformat()) for one in intervals]


def _json(
    report: Report,
    session: Interval,
    people: list[Presence],
    doubts: list[Doubt],
    *,
    zone: str,
    threshold: int,
) -> str:
    answer = {
        "provider": report.provider,
        "topic": report.topic,
        "webinar_id": report.webinar_id,
        "session": {
            "starts": session.joined.isoformat(),
            "ends": session.left.isoformat(),
            "seconds": seconds([session]),
            "zone": zone,
            "threshold": threshold,
        },
        "people": [asdict(one) for one in people if one.role is Role.ATTENDEE],
        "panel": [asdict(one) for one in people if one.role is not Role.ATTENDEE],
        "registered_not_attended": [
            {"name": one.name, "address": one.address} for one in report.registered_not_attended
        ],
        "ignored": [
            {"line": one.line, "reason": one.reason, "sentence": one.sentence()}
            for one in report.ignored
        ],
        "doubts": [{"kind": one.sort, "sentence": one.sentence()} for one in doubts],
        "notes": [{"kind": one, "sentence": NOTES[one]} for one in report.notes],
    }
    return json.dumps(answer, ensure_ascii=False, indent=1)


def _lines(
    report: Report, session: Interval, people: list[Presence], doubts: list[Doubt]
) -> Iterator[str]:
    yield f"{report.topic} ({report.provider})"
    yield f"Session of {seconds([session])} seconds from {session.joined} to {session.left}"
    yield ""
    for one in people:
        mark = one.role if one.role is not Role.ATTENDEE else "reached" if one.reached else "below"
        stays = ", ".join(f"{start[11:19]}-{end[11:19]}" for start, end in one.intervals)
        if one.between:
            stays = f"a sum only: {one.seconds} to {one.most} seconds"
        yield (
            f"{one.seconds:6d} s {one.seconds // 60:4d} min  {mark:<8}  "
            f"{one.name} <{one.address or 'no address'}>  {stays or 'not during the session'}"
        )
    yield ""
    audience = [one for one in people if one.role is Role.ATTENDEE]
    yield (
        f"{len(audience)} people, {sum(one.reached for one in audience)} reached the threshold, "
        f"{len(report.registered_not_attended)} registered and did not come."
    )
    for ignored in report.ignored:
        yield f"Not counted: {ignored.sentence()}"
    for note in report.notes:
        yield f"Note: {NOTES[note]}"
    for doubt in doubts:
        yield f"Doubt: {doubt.sentence()}"
