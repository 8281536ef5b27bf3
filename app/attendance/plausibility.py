"""Whether a report fits the session for which it is uploaded. Doubts are for a person to weigh."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from app.attendance.names import folded
from app.attendance.presence import Interval
from app.attendance.report import N_, Report, Role, Row, Translate

FAR = timedelta(hours=12)
# Zones are whole hours apart; half hours (India, central Australia) only count where they are far,
# since near by they would only say that a webinar began late.
SHIFTS = sorted(
    (m for m in range(-14 * 60, 14 * 60 + 1, 30) if m and (m % 60 == 0 or abs(m) > 180)), key=abs
)
CLEARLY = 1.15


class Sort(StrEnum):
    OTHER_DAY = "other day"
    OTHER_ZONE = "other zone"
    NOBODY_THEN = "nobody then"
    OTHER_TITLE = "other title"
    TOO_EARLY = "too early"
    FEWER_VIEWERS = "fewer viewers"


SENTENCES: Mapping[Sort, str] = {
    Sort.OTHER_DAY: N_(
        "This report is about a webinar that started on %(started)s; yours was on %(session)s."
    ),
    Sort.OTHER_ZONE: N_(
        "The times would fit the session if they were moved by %(shift)s hours; "
        "please check the time zone of the report."
    ),
    Sort.NOBODY_THEN: N_("According to this report, nobody was there during the session."),
    Sort.OTHER_TITLE: N_("This report is about “%(topic)s”; yours is called “%(title)s”."),
    Sort.TOO_EARLY: N_(
        "This report was made on %(generated)s, before the session was over; "
        "whoever stayed on may be missing from it."
    ),
    Sort.FEWER_VIEWERS: N_(
        "This report counts %(stated)d viewers, but lists only %(listed)d; "
        "a part of the file may be missing."
    ),
}


def in_utc(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


@dataclass(frozen=True, slots=True)
class Doubt:
    sort: Sort
    values: Mapping[str, str | int | datetime] = field(default_factory=dict)

    def sentence(
        self, translate: Translate = str, moment: Callable[[datetime], str] = in_utc
    ) -> str:
        """In the reader's language, and with moments written as `moment` writes them."""
        values = {
            name: moment(value) if isinstance(value, datetime) else value
            for name, value in self.values.items()
        }
        return translate(SENTENCES[self.sort]) % values


def plausibility(report: Report, session: Interval, title: str) -> list[Doubt]:
    """Every reason to ask whether this is the right report in the right zone; none is well."""
    return [
        doubt
        for doubt in (
            _about_time(report, session),
            _about_title(report.topic, title),
            _about_generation(report, session),
            _about_viewers(report),
        )
        if doubt
    ]


def _about_time(report: Report, session: Interval) -> Doubt | None:
    if report.started_at and abs(report.started_at - session.joined) > FAR:
        return Doubt(Sort.OTHER_DAY, {"started": report.started_at, "session": session.joined})
    if minutes := _better_shift(report, session):
        sign = "+" if minutes > 0 else "−"
        shift = f"{sign}{abs(minutes) // 60}:{abs(minutes) % 60:02}"
        return Doubt(Sort.OTHER_ZONE, {"shift": shift})
    if not any(row.interval.overlaps(session) for row in _audience(report)):
        return Doubt(Sort.NOBODY_THEN)
    return None


def _audience(report: Report) -> list[Row]:
    return [row for row in report.rows if row.role is Role.ATTENDEE]


def _better_shift(report: Report, session: Interval) -> int | None:
    """The minutes by which all rows must move to fit clearly better; None when they fit."""
    start, end = session.joined.timestamp(), session.left.timestamp()
    audience = _audience(report)
    # A thousand stays, spread evenly, tell as much about the zone as all of them.
    spread = audience[:: len(audience) // 1000 + 1]
    stays = [(row.joined.timestamp(), row.left.timestamp()) for row in spread]

    def shared(minutes: int) -> float:
        from_, to = start - minutes * 60, end - minutes * 60
        return sum(max(0.0, min(left, to) - max(joined, from_)) for joined, left in stays)

    best = max(SHIFTS, key=shared)
    return best if shared(best) > CLEARLY * shared(0) else None


def _about_title(topic: str, title: str) -> Doubt | None:
    ours, theirs = set(folded(title)), set(folded(topic))
    shared = (_telling(ours) & theirs) | (ours & _telling(theirs))
    if ours and theirs and not shared:
        return Doubt(Sort.OTHER_TITLE, {"topic": topic, "title": title})
    return None


def _telling(words: set[str]) -> set[str]:
    """The longer words: two titles have “in” and “for” in common without a reason."""
    return {word for word in words if len(word) > 3} or words


def _about_generation(report: Report, session: Interval) -> Doubt | None:
    if report.generated_at and session.joined <= report.generated_at < session.left:
        return Doubt(Sort.TOO_EARLY, {"generated": report.generated_at})
    return None


def _about_viewers(report: Report) -> Doubt | None:
    """Zoom counts viewers in its own way, but fewer than half of them is no matter of counting."""
    listed = sum(one.role is Role.ATTENDEE for one in report.participants)
    if report.viewers and listed * 2 < report.viewers:
        return Doubt(Sort.FEWER_VIEWERS, {"stated": report.viewers, "listed": listed})
    return None
