"""Meetings, the seats in them, links to join, clicks, and what platforms tell."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    CursorResult,
    ForeignKey,
    Index,
    LargeBinary,
    Select,
    Text,
    UniqueConstraint,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from app import sealed
from app.accounts.models import Person, token_digest
from app.agenda.models import Activity
from app.agenda.sessions import WebinarSession
from app.db import Base
from app.enrolments.models import Enrolment
from app.jobs import backoff
from app.meetings.accounts import PlatformAccount
from app.meetings.events import What
from app.meetings.platform import Room, Wish

__all__ = ["Click", "JoinLink", "Meeting", "PlatformAccount", "ProviderEvent", "Seat", "Task"]

MAX_ATTEMPTS = 8
LEASE = timedelta(minutes=2)
_LIVE = text("ended_at IS NULL")
_WAITS = text("task IS NOT NULL")


class Task(StrEnum):
    """What is to be done about a meeting on its platform."""

    MAKE = "make"
    CHANGE = "change"
    OPEN = "open"
    END = "end"
    FETCH = "fetch"
    """Ask for the report of who was there."""


class Meeting(Base):
    """The room of one session: on a platform, or behind a plain link. Told = as last arranged."""

    __tablename__ = "meetings"
    __table_args__ = (
        Index("uq_meetings_live", "session_id", unique=True,
              sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_meetings_waiting", "next_at", sqlite_where=_WAITS, postgresql_where=_WAITS),
        Index("ix_meetings_external", "account_id", "external_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(
        ForeignKey("webinar_sessions.id", ondelete="SET NULL")
    )
    """Nothing when the session was taken off the plan."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("platform_accounts.id"))
    """Nothing for a plain link."""
    key: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    zone: Mapped[str]
    external_id: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    """At which everybody comes in; the webinar's page where each has an own one only."""
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """When it was taken back; a meeting that was held stays."""

    task: Mapped[Task | None]
    next_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    has_failed: Mapped[bool] = mapped_column(default=False)
    last_error: Mapped[str] = mapped_column(default="")

    activity: Mapped[Activity] = relationship()
    session: Mapped[WebinarSession | None] = relationship()
    account: Mapped[PlatformAccount | None] = relationship()
    by: Mapped[Person] = relationship()

    @classmethod
    def of(cls, activity: Activity) -> Select[Meeting]:
        """The meetings of an activity that were not taken back, in the order of time."""
        return (
            select(cls)
            .where(cls.activity_id == activity.id, cls.ended_at.is_(None))
            .order_by(cls.starts_at, cls.id)
            .options(joinedload(cls.account).joinedload(PlatformAccount.society))
        )

    @property
    def is_made(self) -> bool:
        return self.made_at is not None and self.ended_at is None

    def may_be_taken_back_for(self, society_ids: Sequence[int]) -> bool:
        """Whether one of these societies leads the activity, or has it on its own account."""
        holds = self.account is not None and self.account.society_id in society_ids
        return holds or self.activity.lead.id in society_ids

    @property
    def waits(self) -> bool:
        return self.task is not None and not self.has_failed

    @property
    def room(self) -> Room:
        return Room(self.external_id, self.address)

    def wish(self, *, page: str = "", hook: str = "", minutes_hook: str = "") -> Wish:
        return Wish(self.key, self.title, self.starts_at, self.ends_at, self.zone,
                    page=page, hook=hook, minutes_hook=minutes_hook)  # fmt: skip

    def arrange(self, session: WebinarSession, title: str) -> None:
        self.starts_at, self.ends_at = session.starts_at, session.ends_at
        self.zone, self.title = session.zone, title

    def set(self, task: Task, *, at: datetime) -> None:
        """Something is to be done; what failed before counts no longer."""
        self.task, self.next_at, self.attempts = task, at, 0
        self.has_failed, self.last_error = False, ""

    def settle(self) -> None:
        """It is done."""
        self.task, self.attempts, self.has_failed, self.last_error = None, 0, False, ""

    def postpone(self, error: str, *, at: datetime, is_lasting: bool, after: float | None) -> None:
        """It did not work now; what cannot work, or has not for long, is shown as failed."""
        self.last_error = error[:500]
        wait = backoff(self.attempts)
        self.next_at = at + max(wait, timedelta(seconds=after or 0))
        self.has_failed = is_lasting or self.attempts >= MAX_ATTEMPTS

    def __str__(self) -> str:
        return self.title


def new_key() -> str:
    """A name of a meeting that nobody guesses."""
    return f"confer-{secrets.token_hex(16)}"


class Seat(Base):
    """One person's own address into a meeting, where the platform gives such."""

    __tablename__ = "seats"
    __table_args__ = (
        UniqueConstraint("meeting_id", "enrolment_id"),
        Index("ix_seats_guest", "meeting_id", "guest"),
        Index("ix_seats_waiting", "next_at", sqlite_where=text("waits"),
              postgresql_where=text("waits")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    guest: Mapped[str] = mapped_column(default="")
    """How the platform's reports call this person."""
    address: Mapped[str] = mapped_column(Text, default="")
    waits: Mapped[bool] = mapped_column(default=True)
    next_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(default="")

    meeting: Mapped[Meeting] = relationship()
    enrolment: Mapped[Enrolment] = relationship()


class JoinLink(Base):
    """The secret with which one enrolment comes in: a digest to find it, sealed to write it."""

    __tablename__ = "join_links"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    sealed: Mapped[str]
    made_at: Mapped[datetime]

    enrolment: Mapped[Enrolment] = relationship()

    @property
    def token(self) -> str:
        return sealed.unseal(self.sealed, self._purpose)

    def renew(self, token: str, *, at: datetime) -> None:
        """Another secret; the one before leads nowhere any longer."""
        self.token_digest, self.made_at = token_digest(token), at
        self.sealed = sealed.seal(token, self._purpose)

    def reseal(self) -> bool:
        """Seal it with the key that seals today; whether it was not."""
        is_old = not sealed.is_sealed_anew(self.sealed)
        if is_old:
            self.sealed = sealed.seal(self.token, self._purpose)
        return is_old

    @property
    def _purpose(self) -> str:
        return _purpose(self.enrolment_id)


def _purpose(enrolment_id: int) -> str:
    return f"link to join of enrolment {enrolment_id}"


def sealed_links(session: Session) -> list[tuple[str, str]]:
    """What links to join keep sealed, for the doctor."""
    found = session.execute(select(JoinLink.sealed, JoinLink.enrolment_id))
    return [(text, _purpose(enrolment_id)) for text, enrolment_id in found]


class Click(Base):
    """Somebody pressed the button to join. It proves nothing about presence."""

    __tablename__ = "clicks"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    at: Mapped[datetime]


class ProviderEvent(Base):
    """What a platform told about who comes and goes, each event once."""

    __tablename__ = "provider_events"
    __table_args__ = (UniqueConstraint("meeting_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    key: Mapped[str]
    what: Mapped[What]
    at: Mapped[datetime]
    until: Mapped[datetime | None]
    instance: Mapped[str] = mapped_column(default="")
    connection: Mapped[str] = mapped_column(default="")
    guest: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    moderates: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime]


def claim(session: Session, meeting_id: int, *, at: datetime) -> bool:
    """Take a waiting meeting for a while, so that two workers do not act on it at once."""
    claimed = session.execute(
        update(Meeting)
        .where(Meeting.id == meeting_id, Meeting.task.is_not(None),
               Meeting.has_failed.is_(False), Meeting.next_at <= at)
        .values(next_at=at + LEASE, attempts=Meeting.attempts + 1)
    )  # fmt: skip
    return isinstance(claimed, CursorResult) and claimed.rowcount == 1


def claim_seat(session: Session, seat_id: int, *, at: datetime) -> bool:
    claimed = session.execute(
        update(Seat)
        .where(Seat.id == seat_id, Seat.waits, Seat.next_at <= at)
        .values(next_at=at + LEASE, attempts=Seat.attempts + 1)
    )
    return isinstance(claimed, CursorResult) and claimed.rowcount == 1
