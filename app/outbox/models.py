"""Messages and their deliveries."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, ForeignKey, Index, Select, Text, select, text, update
from sqlalchemy.orm import (
    Mapped,
    Session,
    joinedload,
    mapped_column,
    object_session,
    relationship,
)

from app.db import Base
from app.errors import Refusal
from app.jobs import backoff, hand_over
from app.journal.models import Actor, record
from app.texts import gettext as _

MAX_ATTEMPTS = 12
LEASE = timedelta(minutes=2)


class Message(Base):
    """A mail to one address, complete as it will be sent."""

    __tablename__ = "messages"
    __table_args__ = (
        Index(
            "ix_messages_waiting",
            "next_at",
            sqlite_where=text("waits"),
            postgresql_where=text("waits"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    to: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    subject: Mapped[str]
    plain: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    attachments: Mapped[list[Any]]  # [{"name", "type", "text"}]
    message_id: Mapped[str] = mapped_column(unique=True)
    written_at: Mapped[datetime]
    waits: Mapped[bool] = mapped_column(default=True)
    next_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]

    delivery: Mapped[Delivery | None] = relationship(back_populates="message")

    @classmethod
    def newest_first(cls) -> Select[Message]:
        return select(cls).options(joinedload(cls.delivery)).order_by(cls.id.desc())

    @property
    def has_failed(self) -> bool:
        return self.delivery is None and not self.waits

    def deliver(self, *, at: datetime) -> None:
        """The mail server has taken it."""
        self.delivery = Delivery(at=at)
        self.waits = False

    def postpone(self, error: str, *, at: datetime) -> None:
        """It could not be sent now; after many tries it is shown as failed."""
        self.last_error = error[:500]
        self.next_at = at + backoff(self.attempts)
        self.waits = self.attempts < MAX_ATTEMPTS

    def send_again(self, *, by: Actor, at: datetime) -> None:
        """Try a letter that failed from the beginning, under the Message-ID it always had."""
        if not self.has_failed:
            raise Refusal(_("This letter has not failed, so it is not sent again."))
        session = object_session(self)
        assert session is not None
        self.waits, self.next_at, self.attempts = True, at, 0
        record(session, "message.sent-again", by=by, at=at, on=self)
        hand_over(session, "outbox.deliver", self)

    def __str__(self) -> str:
        return f"{self.subject}, to {self.to}"


def masked(text: str) -> str:
    """The text of a letter without the secret part of its links."""
    return _SECRET.sub("…", text)


_SECRET = re.compile(r"(?<=/)[\w-]{43}(?![\w-])")


class Delivery(Base):
    """The mail server took a message."""

    __tablename__ = "deliveries"
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    at: Mapped[datetime]
    message: Mapped[Message] = relationship(back_populates="delivery")


def post(session: Session, message: Message) -> Message:
    """Put a message into the outbox as part of the act that causes it."""
    session.add(message)
    hand_over(session, "outbox.deliver", message)
    return message


def claim(session: Session, message_id: int, *, at: datetime) -> bool:
    """Take a waiting message for a while, so that two workers do not send it at once."""
    claimed = session.execute(
        update(Message)
        .where(Message.id == message_id, Message.waits, Message.next_at <= at)
        .values(next_at=at + LEASE, attempts=Message.attempts + 1)
    )
    return isinstance(claimed, CursorResult) and claimed.rowcount == 1


def due(session: Session, at: datetime, limit: int) -> list[int]:
    waiting = select(Message.id).where(Message.waits, Message.next_at <= at)
    return list(session.scalars(waiting.order_by(Message.next_at).limit(limit)))


def oldest(session: Session) -> datetime | None:
    waiting = select(Message.written_at).where(Message.waits).order_by(Message.written_at)
    return session.scalars(waiting.limit(1)).first()
