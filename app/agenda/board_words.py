"""The words in which the board speaks of clashes and holidays."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from app import locale
from app.agenda import board, public_holidays, words
from app.agenda.clashes import Clash, Reason, Slot
from app.agenda.models import Activity
from app.societies.models import Society
from app.texts import gettext as _

LONGEST_TITLE = 80


def why(clash: Clash, mine: Collection[int], names: Mapping[int, str]) -> str:
    """What two webinars at the same hour have in common."""
    said = {
        Reason.SPEAKER: lambda: _speakers(clash, mine),
        Reason.SOCIETY: lambda: _(
            "%(societies)s twice", societies=words.listed(names[s] for s in clash.societies)
        ),
        Reason.AUDIENCE: lambda: _audiences(clash),
    }
    return "; ".join(said[reason]() for reason in clash.reasons)


def _speakers(clash: Clash, mine: Collection[int]) -> str:
    if not board.may_name(clash, mine):
        return _("someone speaks in both")
    return _("%(names)s speaks in both", names=words.listed(clash.speakers))


def _audiences(clash: Clash) -> str:
    if not clash.audiences:
        return _("the same people: one of the two is for everyone")
    people = sorted(words.profession(one) for one in clash.audiences)
    return _("the same people: %(professions)s", professions=", ".join(people))


def on_that_day(
    session: Session, activity: Activity, mine: Collection[int], *, on: date
) -> list[str]:
    """What to know of the days of a webinar: holidays of its organisers, and what clashes."""
    told = foreseen(
        session, board.of_activity(activity), activity.societies, mine,
        of=board.partners(session, mine, on=on),
    )  # fmt: skip
    return list(dict.fromkeys(line for lines in told for line in lines))


def foreseen(
    session: Session, slots: Sequence[Slot], societies: Sequence[Society], mine: Collection[int],
    *, of: Collection[int],
) -> list[list[str]]:  # fmt: skip
    """What to know of each of these hours, planned or only thought of, of these societies."""
    names = {society.id: society.short for society in societies}
    countries = {society.country for society in societies}
    found = board.in_the_way(session, slots, of=of)
    told = []
    for slot in slots:
        day = locale.in_zone(slot.starts_at, slot.zone).date()
        rests = public_holidays.between(countries, day, day).values()
        lines = [
            _(
                "%(day)s is %(holiday)s.",
                day=locale.day(day),
                holiday=public_holidays.told(names_of),
            )
            for names_of in rests
        ]
        lines += [
            against(clash.seen_from(slot), clash, mine, names)
            for clash in found
            if slot in {clash.one, clash.other}
        ]
        told.append(lines)
    return told


def against(other: Slot, clash: Clash, mine: Collection[int], names: Mapping[int, str]) -> str:
    """The webinar in the way, and why."""
    return _("“%(title)s” is at the same hour (%(hours)s): %(why)s.", title=cut(other.title),
             hours=locale.span(other.starts_at, other.ends_at, other.zone),
             why=why(clash, mine, names))  # fmt: skip


def cut(title: str) -> str:
    """A title in a sentence, where a long one need not stand whole."""
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1].rstrip()}…"
