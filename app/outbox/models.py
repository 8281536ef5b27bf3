"""Messages and their deliveries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, Text, select, text
from sqlalchemy.orm import (
    Mapped,
    Session,
    joinedload,
    mapped_column,
    object_session,
    relationship,
)
from sqlalchemy.orm.attributes import set_committed_value

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
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Headers of this message beside those that every one has."""
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

    @property
    def was_lost(self) -> bool:
        """Whether a worker took it before and never wrote down what became of it."""
        return self.attempts > 0 and self.last_error is None

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


def post_all(session: Session, messages: Sequence[Message]) -> None:
    """Put many messages into the outbox; one is handed over and takes the others with it."""
    session.add_all(messages)
    if messages:
        hand_over(session, "outbox.deliver", messages[0])


def claim(session: Session, message_id: int, *, at: datetime) -> bool:
    """Take a waiting message for a while, so that two workers do not send it at once."""
    return bool(take(session, message_id, most=1, at=at))


def take(session: Session, message_id: int, *, most: int, at: datetime) -> list[Message]:
    """Take a waiting message, and others that are due, as far as nobody else has them.

    A message whose worker ended while it was on its way is taken alone: it may be the cause.
    """
    is_due = Message.waits & (Message.next_at <= at)
    asked = (
        select(Message).where(Message.id == message_id, is_due).with_for_update(skip_locked=True)
    )
    first = session.scalars(asked.execution_options(populate_existing=True)).one_or_none()
    if first is None:
        return []
    taken = [first]
    if not first.was_lost and most > 1:
        others = (
            select(Message)
            .where(is_due, Message.id != message_id)
            .where((Message.attempts == 0) | Message.last_error.is_not(None))
            .order_by(Message.next_at)
            .limit(most - 1)
        )
        taken += session.scalars(others.with_for_update(skip_locked=True))
    for message in taken:
        message.next_at = at + LEASE
        message.attempts += 1
        message.last_error = None
    return taken


def due(session: Session, at: datetime, limit: int) -> list[int]:
    waiting = select(Message.id).where(Message.waits, Message.next_at <= at)
    return list(session.scalars(waiting.order_by(Message.next_at).limit(limit)))


def undelivered(session: Session, ids: Sequence[int]) -> Sequence[Message]:
    """These messages, held, as far as nobody has written down meanwhile that they went."""
    held = select(Message).where(Message.id.in_(ids)).order_by(Message.id).with_for_update()
    messages = session.scalars(held).all()
    gone = set(session.scalars(select(Delivery.message_id).where(Delivery.message_id.in_(ids))))
    left = [message for message in messages if message.id not in gone]
    for message in left:
        set_committed_value(message, "delivery", None)  # known by now, so not asked for each
    return left


def oldest(session: Session) -> datetime | None:
    waiting = select(Message.written_at).where(Message.waits).order_by(Message.written_at)
    return session.scalars(waiting.limit(1)).first()
