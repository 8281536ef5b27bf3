"""The words in which the board speaks of clashes and holidays."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app import locale
from app.agenda import board, public_holidays, words
from app.agenda.clashes import Clash, Reason, Slot
from app.agenda.models import Activity
from app.texts import gettext as _


def why(clash: Clash, mine: Collection[int], names: Mapping[int, str]) -> str:
    """What two webinars at the same hour have in common."""
    said = {
        Reason.SPEAKER: lambda: _speakers(clash, mine),
        Reason.SOCIETY: lambda: _(
            "%(societies)s twice", societies=_(" and ").join(names[s] for s in clash.societies)
        ),
        Reason.AUDIENCE: lambda: _audiences(clash),
    }
    return "; ".join(said[reason]() for reason in clash.reasons)


def _speakers(clash: Clash, mine: Collection[int]) -> str:
    if not board.may_name(clash, mine):
        return _("someone speaks in both")
    return _("%(names)s speaks in both", names=_(" and ").join(clash.speakers))


def _audiences(clash: Clash) -> str:
    if not clash.audiences:
        return _("the same people: one of the two is for everyone")
    people = sorted(words.profession(one) for one in clash.audiences)
    return _("the same people: %(professions)s", professions=", ".join(people))


def holidays(
    societies: Collection[int], countries: Mapping[int, str], first: date, last: date
) -> dict[date, dict[str, list[str]]]:
    """The public holidays in the countries of these societies."""
    return public_holidays.between((countries[s] for s in societies), first, last)


def on_that_day(
    session: Session, activity: Activity, mine: Collection[int], *, on: date
) -> list[str]:
    """What to know of the days of a webinar: holidays of its organisers, and what clashes."""
    return foreseen(
        session, board.of_activity(activity), mine,
        {s.id: s.short for s in activity.societies}, [s.country for s in activity.societies],
        of=board.partners(session, mine, on=on),
    )  # fmt: skip


def foreseen(
    session: Session, slots: Sequence[Slot], mine: Collection[int], names: Mapping[int, str],
    countries: Collection[str], *, of: Collection[int],
) -> list[str]:  # fmt: skip
    """What to know of the hours of one webinar, planned or only thought of."""
    told: list[str] = []
    for slot in slots:
        day = locale.in_zone(slot.starts_at, slot.zone).date()
        for rests in public_holidays.between(countries, day, day).values():
            told.append(_("%(day)s is %(holiday)s.", day=locale.day(day),
                          holiday=public_holidays.told(rests)))  # fmt: skip
    told += [
        against(clash.seen_from(slot), clash, mine, names)
        for clash in board.in_the_way(session, slots, of=of)
        for slot in [clash.one if clash.one in slots else clash.other]
    ]
    return list(dict.fromkeys(told))


def against(other: Slot, clash: Clash, mine: Collection[int], names: Mapping[int, str]) -> str:
    """The webinar in the way, and why."""
    return _("“%(title)s” is at the same hour (%(hours)s): %(why)s.", title=other.title,
             hours=locale.span(other.starts_at, other.ends_at, other.zone),
             why=why(clash, mine, names))  # fmt: skip


def shown_on(moment: datetime, zone: str) -> date:
    """The day of the board on which its reader finds a moment."""
    return moment.astimezone(ZoneInfo(zone)).date()
