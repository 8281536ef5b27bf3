"""A series: webinars that recur, planned at once and changed as a whole or one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from app import locale
from app.accounts.models import Person
from app.agenda.kinds import Kind
from app.agenda.models import Activity, against
from app.agenda.planning import Hour, Plan, Texts
from app.agenda.recurrence import Rule
from app.agenda.speakers import Named
from app.db import Base
from app.errors import Refusal
from app.journal.models import record
from app.societies.models import Society
from app.texts import gettext as _

LONGEST = 200
"""Webinars of one series, whenever they were added."""
NUMBER = "#"
"""Where a title stands for its number."""


class Series(Base):
    """Webinars that were planned together. The rule says how; each webinar stands for itself."""

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    society_id: Mapped[int] = mapped_column(ForeignKey("societies.id"), index=True)
    """Who planned it: whose administrators change it as a whole."""
    title: Mapped[str]
    """As it was entered; a # stands for the number."""
    is_numbered: Mapped[bool]
    rule: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    tried_at: Mapped[datetime | None]
    """When its drafts were last announced together."""
    held_back: Mapped[dict[str, Any]]
    """What stood against those that were not: the number of the webinar, and the reasons."""

    society: Mapped[Society] = relationship()
    created_by: Mapped[Person] = relationship()
    places: Mapped[list[SeriesPlace]] = relationship(
        order_by="SeriesPlace.position", back_populates="series"
    )

    @classmethod
    def of(cls, society_ids: Sequence[int]) -> Select[Series]:
        """The series that these societies planned."""
        return select(cls).where(cls.society_id.in_(society_ids))

    @classmethod
    def holding(cls, activity_id: int) -> Select[Series]:
        """The series of which a webinar is part, if it is."""
        return select(cls).join(SeriesPlace).where(SeriesPlace.activity_id == activity_id)

    @property
    def told_rule(self) -> Rule:
        return Rule.read(self.rule)

    def named(self, position: int) -> str:
        """The title of the webinar at a place."""
        return numbered(self.title, position) if self.is_numbered else self.title

    def __str__(self) -> str:
        return self.title


class SeriesPlace(Base):
    """A webinar's place in a series."""

    __tablename__ = "series_places"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), index=True)
    position: Mapped[int]

    series: Mapped[Series] = relationship(back_populates="places")
    activity: Mapped[Activity] = relationship()


@dataclass(frozen=True)
class Changes:
    """What is to become different; what is not named stays as it is in each webinar."""

    words: Mapping[str, Any]
    """Parts of `Texts`."""
    title: str | None = None
    """For the whole series, with its numbers."""
    start: time | None = None
    minutes: int | None = None

    @property
    def is_none(self) -> bool:
        return not self.words and self.title is None and self.start is None and not self.minutes


@dataclass(frozen=True)
class OnDay:
    """What stands against one webinar of a series."""

    on: date
    obstacle: object
    field: str = "start"

    def __str__(self) -> str:
        return _("%(day)s: %(what)s", day=locale.day(self.on), what=str(self.obstacle))


def numbered(title: str, number: int) -> str:
    """“Journal club #: chest” → “Journal club 3: chest”; without a # the number stands last."""
    if NUMBER in title:
        return title.replace(NUMBER, str(number), 1)
    return f"{title} {number}"


def plan_series(
    session: Session, rule: Rule, hours: Sequence[Hour], texts: Texts, *, is_numbered: bool,
    capacity: int | None, lead: Society, others: Iterable[Society], by: Person, at: datetime,
) -> Series:  # fmt: skip
    """Plan one draft for each hour."""
    if not hours:
        raise Refusal(_("A series has at least one webinar."))
    series = Series(
        society=lead, title=texts.title, is_numbered=is_numbered, rule=rule.written,
        created_at=at, created_by=by, held_back={},
    )  # fmt: skip
    session.add(series)
    planned = _add(session, series, hours, rule.zone, texts, capacity, lead, others, by, at)
    record(session, "series.planned", by=by, at=at, on=series, societies=planned[0].societies,
           title=series.title, rule=series.rule, webinars=[one.id for one in planned])  # fmt: skip
    return series


def add_dates(
    series: Series, rule: Rule, hours: Sequence[Hour], *, by: Person, at: datetime
) -> list[Activity]:
    """Plan further drafts, in the words of the last one."""
    session = _session_of(series)
    if not hours:
        raise Refusal(_("Choose at least one day."))
    last = series.places[-1].activity
    title = replace(last.texts, title=series.title)
    planned = _add(session, series, hours, rule.zone, title, last.capacity, last.lead, last.beside,
                   by, at)  # fmt: skip
    series.rule = rule.written
    record(session, "series.extended", by=by, at=at, on=series, society_id=series.society_id,
           rule=series.rule, webinars=[one.id for one in planned])  # fmt: skip
    return planned


def _add(
    session: Session, series: Series, hours: Sequence[Hour], zone: str, texts: Texts,
    capacity: int | None, lead: Society, others: Iterable[Society], by: Person, at: datetime,
) -> list[Activity]:  # fmt: skip
    beside, taken = list(others), max((p.position for p in series.places), default=0)
    if taken + len(hours) > LONGEST:
        raise Refusal(_("A series has at most %(most)d webinars. Begin a new one.", most=LONGEST))
    Refusal.unless_none(against_hours(session, hours, zone, texts, [lead, *beside], capacity, at))
    planned = []
    for position, hour in enumerate(hours, taken + 1):
        activity = Activity.draft(
            session, plan_of(hour, zone, capacity), replace(texts, title=series.named(position)),
            lead=lead, others=beside, by=by, at=at,
        )  # fmt: skip
        series.places.append(SeriesPlace(activity=activity, position=position))
        planned.append(activity)
    session.flush()
    return planned


def plan_of(hour: Hour, zone: str, capacity: int | None) -> Plan:
    """The plan of a webinar of one session."""
    return Plan(
        kind=Kind.WEBINAR, on=hour.on, start=hour.start, zone=zone, minutes=hour.minutes,
        capacity=capacity, fold=hour.fold,
    )  # fmt: skip


def against_hours(
    session: Session, hours: Sequence[Hour], zone: str, texts: Texts,
    societies: Sequence[Society], capacity: int | None, at: datetime,
) -> list[OnDay]:  # fmt: skip
    """What stands against drafts at these hours."""
    return [
        OnDay(hour.on, obstacle, obstacle.field)
        for hour in hours
        if hour.on
        for obstacle in against(session, plan_of(hour, zone, capacity), texts, societies, at=at)
    ]


def change(
    series: Series, places: Sequence[SeriesPlace], changes: Changes, *, by: Person, at: datetime
) -> None:
    """Change webinars of a series together: their words, and the hours of those still drafts."""
    session = _session_of(series)
    Refusal.unless_none(against_change(series, places, changes, at=at))
    if changes.title is not None:
        series.title = changes.title
    for place in places:
        activity, texts = place.activity, _said(series, place, changes)
        if activity.is_announced:
            if texts != activity.texts:
                activity.amend(texts, by=by, at=at)
            continue
        plan = _restarted(activity.plan, changes)
        if (plan, texts) != (activity.plan, activity.texts):
            activity.revise(plan, texts, lead=activity.lead, others=activity.beside, by=by, at=at)
    record(session, "series.changed", by=by, at=at, on=series, society_id=series.society_id,
           changed=sorted(changes.words), title=changes.title,
           start=changes.start and f"{changes.start:%H:%M}", minutes=changes.minutes,
           webinars=[place.activity_id for place in places])  # fmt: skip


def against_change(
    series: Series, places: Sequence[SeriesPlace], changes: Changes, *, at: datetime
) -> list[OnDay]:
    """What stands against changing these webinars together."""
    session = _session_of(series)
    found = []
    for place in places:
        activity = place.activity
        if activity.is_announced:
            continue
        plan = _restarted(activity.plan, changes)
        texts = _said(series, place, changes)
        if (plan, texts) == (activity.plan, activity.texts):
            continue
        on = plan.day(at)
        found += [
            OnDay(on, obstacle, obstacle.field)
            for obstacle in against(session, plan, texts, activity.societies, at=at)
        ]
    return found


def owing(places: Sequence[SeriesPlace], changes: Changes) -> list[Named]:
    """Who would come onto announced programmes with credits, and has not declared."""
    if "speakers" not in changes.words:
        return []
    texts = [(p.activity, replace(p.activity.texts, **changes.words)) for p in places]
    return list(dict.fromkeys(one for activity, said in texts for one in activity.owing(said)))


def changeable(
    series: Series, places: Sequence[SeriesPlace], *, at: datetime, start: int | None = None
) -> list[SeriesPlace]:
    """What of a series may still be changed together: led by its society, not begun, not off.

    `start` is the webinar from which on, by its number; none means all.
    """
    here = next((p.position for p in places if p.activity_id == start), 0)
    return [
        place
        for place in places
        if place.position >= here
        and place.activity.lead.id == series.society_id
        and not place.activity.is_cancelled
        and not place.activity.has_started(at)
    ]


def announce_ready(
    series: Series, places: Sequence[SeriesPlace], *, by: Person, at: datetime
) -> tuple[list[Activity], dict[str, list[str]]]:
    """Announce every draft against which nothing stands; of the others keep why not."""
    session = _session_of(series)
    announced: list[Activity] = []
    held_back: dict[str, list[str]] = {}
    for place in changeable(series, places, at=at):
        activity = place.activity
        if activity.is_announced:
            continue
        if found := activity.obstacles(at=at):
            held_back[str(activity.id)] = [str(one) for one in found]
        else:
            activity.announce(by=by, at=at)
            announced.append(activity)
    series.tried_at, series.held_back = at, held_back
    record(session, "series.announced", by=by, at=at, on=series, society_id=series.society_id,
           webinars=[one.id for one in announced], held_back=held_back)  # fmt: skip
    return announced, held_back


def _said(series: Series, place: SeriesPlace, changes: Changes) -> Texts:
    """The words of a webinar after a change."""
    texts = replace(place.activity.texts, **changes.words)
    if changes.title is None:
        return texts
    title = numbered(changes.title, place.position) if series.is_numbered else changes.title
    return replace(texts, title=title)


def _restarted(plan: Plan, changes: Changes) -> Plan:
    """A plan at another hour of its day, or of another length."""
    start, minutes = changes.start or plan.start, changes.minutes or plan.minutes
    fold = plan.fold if start == plan.start else None
    return replace(plan, start=start, minutes=minutes, fold=fold)


def _session_of(series: Series) -> Session:
    session = object_session(series)
    assert session is not None, "a series is changed within a session"
    return session
