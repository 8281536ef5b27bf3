"""Codes shown during a session, and the answers that prove somebody was there to see them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from app.accounts.models import Person
from app.agenda.models import Activity
from app.attendance.names import folded
from app.attendance.presence import Interval
from app.attendance.words import WORDS
from app.db import Base, hold
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.journal.models import record
from app.texts import gettext as _

MOST = 12
LONGEST = timedelta(minutes=15)


class AttendanceCheck(Base):
    """A code word and a QR code on the screen, from a moment to a moment."""

    __tablename__ = "attendance_checks"
    __table_args__ = (Index("ix_attendance_checks_activity", "activity_id", "opens_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    word: Mapped[str]
    token: Mapped[str] = mapped_column(unique=True)
    """What the QR code leads to; as hard to guess as the word is easy to type."""
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When it was called off, before it was shown."""

    activity: Mapped[Activity] = relationship()
    by: Mapped[Person] = relationship()

    @classmethod
    def of(cls, activity: Activity) -> Select[AttendanceCheck]:
        """The checks of an activity, in their order, without those called off."""
        return (
            select(cls)
            .where(cls.activity_id == activity.id, cls.ended_at.is_(None))
            .order_by(cls.opens_at, cls.id)
        )

    @classmethod
    def known(cls) -> Select[AttendanceCheck]:
        """All that were not called off, with the activity."""
        return select(cls).where(cls.ended_at.is_(None)).options(joinedload(cls.activity))

    def is_open(self, at: datetime) -> bool:
        return self.ended_at is None and self.opens_at <= at < self.closes_at

    def has_opened(self, at: datetime) -> bool:
        return self.opens_at <= at

    def call_off(self, session: Session, *, by: Person, at: datetime) -> None:
        """Do not show it after all. What people have seen already counts."""
        if self.has_opened(at):
            raise Refusal(_("This code has been shown already; it counts."))
        if self.ended_at is None:
            self.ended_at = at
            record(session, "check.called off", by=by, at=at, on=self,
                   society_id=self.activity.lead.id, activity=self.activity_id)  # fmt: skip

    def matches(self, typed: str) -> bool:
        """Whether this is the word, in small or capital letters, with or without accents."""
        return bool(typed) and "".join(folded(typed)) == "".join(folded(self.word))

    def answer(self, session: Session, enrolment: Enrolment, *, at: datetime, how: str) -> None:
        """Somebody with a place saw the code while it was shown. A second time changes nothing."""
        if not enrolment.has_place or enrolment.activity_id != self.activity_id:
            raise Refusal(_("Only somebody who has a place in this webinar can answer."))
        if not self.is_open(at):
            raise Refusal(_("This code is not shown any more, so it cannot be answered."))
        if session.get(CheckAnswer, (self.id, enrolment.id)) is None:
            session.add(CheckAnswer(check_id=self.id, enrolment_id=enrolment.id, at=at, how=how))
            record(session, "check.answered", by=enrolment.person, at=at, on=self,
                   society_id=self.activity.lead.id, activity=self.activity_id,
                   enrolment=enrolment.id, how=how)  # fmt: skip

    def __str__(self) -> str:
        return self.word


class CheckAnswer(Base):
    """Somebody enrolled gave the code while it was shown."""

    __tablename__ = "check_answers"
    __table_args__ = (UniqueConstraint("check_id", "enrolment_id"),)

    check_id: Mapped[int] = mapped_column(ForeignKey("attendance_checks.id"), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolments.id"), primary_key=True, index=True
    )
    at: Mapped[datetime]
    how: Mapped[str]
    """"word" when it was typed, "code" when the QR code was followed."""
    check: Mapped[AttendanceCheck] = relationship()


def show_now(
    session: Session, activity: Activity, *, open_for: timedelta, by: Person, at: datetime
) -> AttendanceCheck:
    """Show a new code from this moment on."""
    if not any(start <= at < end for start, end in activity.windows):
        raise Refusal(_("A code is shown while the session runs."))
    if session.scalars(_at_the_time(activity, at, at + open_for)).first() is not None:
        raise Refusal(_("Another code is shown at that time; please wait until it is over."))
    return _add(session, activity, at, open_for, by=by, at=at)


def schedule(
    session: Session, activity: Activity, count: int, *, open_for: timedelta, by: Person,
    at: datetime, chance: Random | None = None,
) -> list[AttendanceCheck]:  # fmt: skip
    """Plan codes at random moments of the session; those planned before and not shown are void."""
    windows = [Interval(start, end) for start, end in activity.windows]
    moments = random_moments(windows, count, open_for, after=at, chance=chance)
    if not moments:
        raise Refusal(_("The session is too short, or too far gone, for so many codes."))
    hold(session, select(Activity.id).where(Activity.id == activity.id))
    for earlier in session.scalars(AttendanceCheck.of(activity)).all():
        if not earlier.has_opened(at):
            earlier.call_off(session, by=by, at=at)
    return [_add(session, activity, moment, open_for, by=by, at=at) for moment in moments]


def random_moments(
    windows: Sequence[Interval], count: int, open_for: timedelta, *, after: datetime,
    chance: Random | None = None,
) -> list[datetime]:  # fmt: skip
    """Moments spread over what is left of the session, each at random within its part.

    Every code is over before the next one is due, and before its session ends. Nothing when there
    is no room for so many.
    """
    chance = chance or secrets.SystemRandom()
    left = [Interval(max(one.joined, after), one.left) for one in windows if one.left > after]
    room = [(one.joined, one.left - one.joined) for one in left]
    whole = sum((length for _start, length in room), timedelta())
    part = whole / count
    if part < 2 * open_for:
        return []
    for _attempt in range(20):
        offsets = [part * n + (part - open_for) * chance.random() for n in range(count)]
        found = [_at_offset(room, offset, open_for) for offset in offsets]
        moments = [moment for moment in found if moment is not None]
        gaps = (later - earlier for earlier, later in pairwise(moments))
        if len(moments) == count and all(gap >= open_for for gap in gaps):
            return moments
    return []


def _at_offset(
    room: Sequence[tuple[datetime, timedelta]], offset: timedelta, open_for: timedelta
) -> datetime | None:
    """The moment that lies so far within the windows, early enough to be over with its window."""
    for start, length in room:
        if offset < length:
            within = min(offset, length - open_for)
            whole = within // timedelta(seconds=1)
            return start + timedelta(seconds=whole) if within >= timedelta() else None
        offset -= length
    return None


def _add(
    session: Session, activity: Activity, opens_at: datetime, open_for: timedelta, *,
    by: Person, at: datetime,
) -> AttendanceCheck:  # fmt: skip
    check = AttendanceCheck(
        activity=activity, word=f"{secrets.choice(WORDS)} {secrets.randbelow(90) + 10}",
        token=secrets.token_urlsafe(16), opens_at=opens_at, closes_at=opens_at + open_for,
        by=by, at=at,
    )  # fmt: skip
    session.add(check)
    session.flush()
    record(session, "check.planned", by=by, at=at, on=check, society_id=activity.lead.id,
           activity=activity.id, opens_at=opens_at.isoformat(),
           closes_at=check.closes_at.isoformat())  # fmt: skip
    return check


def _at_the_time(
    activity: Activity, opens_at: datetime, closes_at: datetime
) -> Select[AttendanceCheck]:
    return AttendanceCheck.of(activity).where(
        AttendanceCheck.opens_at < closes_at, AttendanceCheck.closes_at > opens_at
    )


def open_now(session: Session, activity: Activity, *, at: datetime) -> AttendanceCheck | None:
    """The code that is shown at this moment."""
    shown = AttendanceCheck.of(activity).where(
        AttendanceCheck.opens_at <= at, AttendanceCheck.closes_at > at
    )
    return session.scalars(shown).first()


def answers_of(session: Session, enrolment: Enrolment) -> Sequence[CheckAnswer]:
    """The codes that somebody gave."""
    return session.scalars(
        select(CheckAnswer)
        .join(CheckAnswer.check)
        .where(CheckAnswer.enrolment_id == enrolment.id, AttendanceCheck.ended_at.is_(None))
        .options(joinedload(CheckAnswer.check))
        .order_by(CheckAnswer.at)
    ).all()


def answers_to(session: Session, check: AttendanceCheck) -> Sequence[int]:
    """The enrolments that gave a code."""
    return session.scalars(
        select(CheckAnswer.enrolment_id).where(CheckAnswer.check_id == check.id)
    ).all()


def with_counts(session: Session, activity: Activity) -> list[tuple[AttendanceCheck, int]]:
    """The checks of an activity in their order, and how many answered each."""
    count = (
        select(func.count())
        .select_from(CheckAnswer)
        .where(CheckAnswer.check_id == AttendanceCheck.id)
        .scalar_subquery()
    )
    found = session.execute(AttendanceCheck.of(activity).add_columns(count))
    return [(check, number) for check, number in found]
