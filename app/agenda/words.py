"""The words in which pages speak of an activity: its kind of people, level, length and time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app import locale
from app.accounts.models import Profession
from app.agenda.kinds import Part
from app.agenda.models import Activity, Level
from app.texts import gettext as _
from app.texts import ngettext


@dataclass(frozen=True)
class Told:
    """What the page of an activity says of it, in the reader's language and zone."""

    when: str | None
    when_there: str | None
    opens: str | None
    professions: str
    level: str
    length: str | None


def told(activity: Activity, *, at: datetime, zone: str) -> Told:
    """An activity in words. The organisers' own time is told where it differs from the reader's."""
    starts, ends = activity.starts_at, activity.ends_at
    here = there = opens = None
    if starts is not None and ends is not None:
        here = time_of(starts, ends, zone)
        theirs = time_of(starts, ends, activity.zone)
        there = f"{theirs} ({activity.zone.replace('_', ' ')})" if theirs != here else None
    elif starts is not None and starts > at:
        opens = locale.day(starts)
    elif not activity.is_webinar:
        opens = _("Start when you like, and go at your own pace.")
    return Told(
        when=here,
        when_there=there,
        opens=opens,
        professions=", ".join(sorted(profession(p) for p in activity.professions)),
        level=level(activity.level),
        length=length(activity.minutes),
    )


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
