"""Who may have a place: the reasons against it, and which numbers are free."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice
from zoneinfo import ZoneInfo

from sqlalchemy.orm import object_session

from app import locale
from app.accounts.models import Person
from app.agenda.models import Activity, Entry
from app.societies.memberships import is_member
from app.texts import gettext as _


@dataclass(frozen=True)
class Obstacle:
    """A reason that stands between a person and an enrolment."""

    kind: str
    """"not announced", "cancelled", "over", "not open", "closed", "members only" or
    "by invitation"."""
    moment: datetime | None = None
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return {
            "not announced": _("This is not announced yet."),
            "cancelled": _("This was cancelled."),
            "over": _("This webinar is over."),
            "not open": _("Registration opens on %(time)s.", time=self._time),
            "closed": _("Registration closed on %(time)s.", time=self._time),
            "members only": _(
                "Only members of %(societies)s may enrol. Are you one? Confirm the address under "
                "which your society knows you in your account.",
                societies=_(" or ").join(self.names),
            ),
            "by invitation": _(
                "Only those who are invited may enrol. Were you? Confirm the address that was "
                "invited in your account."
            ),
        }[self.kind]

    @property
    def _time(self) -> str:
        return locale.moment(self.moment) if self.moment else ""


def obstacles(activity: Activity, *, at: datetime, person: Person | None = None) -> list[Obstacle]:
    """Every reason against an enrolment now; none means welcome. In a full house one waits.

    Without a person, only what stands against everybody.
    """
    found = []
    if not activity.is_announced:
        found.append(Obstacle("not announced"))
    if activity.is_cancelled:
        found.append(Obstacle("cancelled"))
    if activity.has_ended(at):
        found.append(Obstacle("over"))
    if not found:
        found += _registration(activity, at)
    if not found and person is not None:
        found += _entry(activity, person, at)
    return found


def _registration(activity: Activity, at: datetime) -> list[Obstacle]:
    opens, closes = activity.registration_from, activity.registration_until
    if opens is not None and at < opens:
        return [Obstacle("not open", opens)]
    if closes is not None and closes <= at:
        return [Obstacle("closed", closes)]
    return []


def _entry(activity: Activity, person: Person, at: datetime) -> list[Obstacle]:
    """Members are those of the day in the activity's zone; the invited hold an address listed."""
    if activity.entry is Entry.EVERYONE:
        return []
    session = object_session(activity)
    assert session is not None
    if activity.entry is Entry.LISTED:
        invited = {one.address for one in activity.invitations}
        mine = {one.address for one in person.addresses if one.confirmed_at is not None}
        return [] if invited & mine else [Obstacle("by invitation")]
    societies = [one.society for one in activity.open_to_members]
    on = at.astimezone(ZoneInfo(activity.zone)).date()
    if is_member(session, person, [one.id for one in societies], on=on):
        return []
    return [Obstacle("members only", names=tuple(one.short for one in societies))]


def free_numbers(capacity: int | None, taken: Iterable[int], wanted: int) -> list[int]:
    """The lowest free place numbers, at most `wanted` of them; no capacity means no end.

    A capacity that was lowered may leave taken numbers above it: they count as taken all the same.
    """
    occupied = set(taken)
    left = wanted if capacity is None else min(wanted, max(0, capacity - len(occupied)))
    return list(islice((number for number in count(1) if number not in occupied), left))
