"""The words in which pages speak of an activity: its kind of people, level, length and time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from app import locale
from app.accounts.models import Profession
from app.agenda.kinds import Part
from app.agenda.models import Activity, Entry, Level
from app.agenda.sessions import Window
from app.texts import gettext as _
from app.texts import ngettext


@dataclass(frozen=True)
class Meeting:
    """A session in words: the reader's time, and the organisers' own where it differs."""

    starts_at: datetime
    here: str
    there: str | None


@dataclass(frozen=True)
class Told:
    """What the page of an activity says of it, in the reader's language and zone."""

    when: str | None
    when_there: str | None
    sessions: tuple[Meeting, ...]
    """Every session, where there are several."""
    opens: str | None
    moved: tuple[str, str] | None
    """When it was moved, and from where and why."""
    registration: str | None
    entry: str | None
    professions: str
    level: str
    length: str | None


def told(activity: Activity, *, at: datetime, zone: str) -> Told:
    """An activity in words. The organisers' own time is told where it differs from the reader's."""
    starts, ends = activity.starts_at, activity.ends_at
    here = there = opens = None
    sessions = tuple(meetings(activity.windows, activity.zone, zone))
    if len(sessions) == 1:
        here, there = sessions[0].here, sessions[0].there
    elif starts is not None and ends is not None:
        here = _("%(count)d sessions, from %(first)s to %(last)s", count=len(sessions),
                 first=locale.day(locale.in_zone(starts, zone).date()),
                 last=locale.day(locale.in_zone(ends, zone).date()))  # fmt: skip
    elif starts is not None and starts > at:
        opens = locale.day(starts)
    elif not activity.is_webinar:
        opens = _("Start when you like, and go at your own pace.")
    return Told(
        when=here,
        when_there=there,
        sessions=sessions if len(sessions) > 1 else (),
        opens=opens,
        moved=moved(activity, at=at, zone=zone),
        registration=registration(activity, at=at, zone=zone),
        entry=entry(activity),
        professions=", ".join(sorted(profession(p) for p in activity.professions)),
        level=level(activity.level),
        length=length(activity.minutes),
    )


def meetings(windows: Iterable[Window], theirs: str, zone: str) -> Iterator[Meeting]:
    """Sessions in the reader's zone, and in the organisers' where that says another time."""
    for starts, ends in windows:
        here, there = time_of(starts, ends, zone), time_of(starts, ends, theirs)
        place = theirs.replace("_", " ")
        yield Meeting(starts, here, f"{there} ({place})" if there != here else None)


def moved(activity: Activity, *, at: datetime, zone: str) -> tuple[str, str] | None:
    """That what is still to come had another hour before."""
    if not activity.changes or activity.is_cancelled or activity.has_ended(at):
        return None
    for moving in activity.reschedulings[:1]:
        (before, _after), *_others = moving.moves
        return (
            _("Moved on %(day)s", day=locale.day(locale.in_zone(moving.at, zone).date())),
            _("It was planned for %(time)s. %(reason)s", time=time_of(*before, zone),
              reason=moving.reason),
        )  # fmt: skip
    return None


def registration(activity: Activity, *, at: datetime, zone: str) -> str | None:
    """From when until when one may enrol, as far as that is limited."""
    opens, closes = activity.registration_from, activity.registration_until
    if closes is not None and closes <= at:
        return _("closed on %(time)s", time=locale.moment(closes, zone))
    if opens is not None and opens > at:
        return _("opens on %(time)s", time=locale.moment(opens, zone))
    return _("until %(time)s", time=locale.moment(closes, zone)) if closes else None


def entry(activity: Activity) -> str | None:
    """Who may enrol, where not everyone may."""
    if activity.entry is Entry.MEMBERS:
        names = [one.society.short for one in activity.open_to_members]
        return _("Members of %(societies)s", societies=_(" or ").join(names))
    return _("Those who are invited") if activity.entry is Entry.LISTED else None


def time_of(starts: datetime, ends: datetime, zone: str) -> str:
    """Wed 14 October 2026, 18:00–19:30 CEST"""
    return (
        f"{locale.long_day(locale.in_zone(starts, zone).date())}, {locale.span(starts, ends, zone)}"
    )


def length(minutes: int | None) -> str | None:
    """1 hour 30 minutes"""
    if not minutes:
        return None
    hours, rest = divmod(minutes, 60)
    said = [ngettext("%(num)d hour", "%(num)d hours", hours)] if hours else []
    said += [ngettext("%(num)d minute", "%(num)d minutes", rest)] if rest else []
    return " ".join(said)


def level(value: Level) -> str:
    return {
        Level.INTRODUCTORY: _("Introductory"),
        Level.INTERMEDIATE: _("Intermediate"),
        Level.ADVANCED: _("Advanced"),
    }[value]


def levels() -> list[tuple[str, str]]:
    return [(str(value), level(value)) for value in Level]


def part(value: Part) -> str:
    return {
        Part.SPEAKER: _("Speaker"),
        Part.MODERATOR: _("Moderator"),
        Part.PLANNER: _("Planner"),
    }[value]


def parts() -> list[tuple[str, str]]:
    return [
        (str(Part.SPEAKER), _("speaks")),
        (str(Part.MODERATOR), _("moderates")),
        (str(Part.PLANNER), _("plans the content")),
    ]


def profession(value: str) -> str:
    return professions().get(value, value)


def professions() -> dict[str, str]:
    """The audiences, as a list of people."""
    return {
        Profession.RADIOLOGIST: _("Radiologists"),
        Profession.RADIOGRAPHER: _("Radiographers"),
        Profession.CLINICIAN: _("Clinicians"),
        Profession.ENGINEER: _("Engineers"),
        Profession.COMPUTER_SCIENTIST: _("Computer scientists"),
        Profession.DATA_SCIENTIST: _("Data scientists"),
        Profession.IMAGING_INFORMATICS: _("Imaging informatics professionals"),
        Profession.INDUSTRY: _("People in industry"),
        Profession.MANAGER: _("Managers"),
        Profession.POLICY_MAKER: _("Policy makers"),
        Profession.RADIOLOGY_TRAINEE: _("Trainees in radiology"),
        Profession.ENGINEERING_TRAINEE: _("Trainees in engineering"),
        Profession.COMPUTER_SCIENCE_TRAINEE: _("Trainees in computer science"),
        Profession.OTHER: _("Others"),
    }


def listed(said: Iterable[str]) -> str:
    """July and August; Monday, Tuesday and Friday"""
    *first, last = said
    return _("%(first)s and %(last)s", first=", ".join(first), last=last) if first else last
