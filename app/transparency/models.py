"""Leaves, heads and countersignatures of the log."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, Select, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from app.accounts.models import Person
from app.db import Base
from app.signing_keys.models import SigningKey
from app.societies.models import Society


class Leaf(Base):
    """One act, in the order in which the log took it in; it names no person."""

    __tablename__ = "log_leaves"
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 0, without a gap."""
    source: Mapped[str] = mapped_column(unique=True)
    """The row it tells of, such as "issued/12": each is told of once."""
    credential_id: Mapped[int | None] = mapped_column(ForeignKey("credentials.id"), index=True)
    content: Mapped[str] = mapped_column(Text)
    """Canonical JSON (RFC 8785)."""
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    """What is hashed with the records that the content vouches for; it is not published."""
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    """SHA-256(0x00 || content)."""


class Node(Base):
    """The hash of a complete subtree: it never changes, so that a proof takes a few of them."""

    __tablename__ = "log_nodes"
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 1; it covers 2^level leaves."""
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class Head(Base):
    """The log at a moment: its size and root, signed by the platform."""

    __tablename__ = "log_heads"
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[datetime]
    """A whole second."""
    origin: Mapped[str]
    """The name of the log: where it is read, without the scheme."""
    key_id: Mapped[int] = mapped_column(ForeignKey("signing_keys.id"))
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    key: Mapped[SigningKey] = relationship()
    countersignatures: Mapped[list[Countersignature]] = relationship(
        back_populates="head", order_by="Countersignature.id"
    )

    @classmethod
    def newest_first(cls) -> Select[Head]:
        signed = selectinload(cls.countersignatures)
        return (
            select(cls)
            .options(
                joinedload(cls.key, innerjoin=True),
                signed.joinedload(Countersignature.society, innerjoin=True),
                signed.joinedload(Countersignature.key, innerjoin=True),
                signed.joinedload(Countersignature.by),
            )
            .order_by(cls.size.desc())
        )

    def __str__(self) -> str:
        return f"{self.origin} {self.size}"


class Countersignature(Base):
    """A society has seen a head and found that it continues the one it saw before."""

    __tablename__ = "log_countersignatures"
    __table_args__ = (UniqueConstraint("head_size", "society_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    head_size: Mapped[int] = mapped_column(ForeignKey("log_heads.size"))
    society_id: Mapped[int] = mapped_column(ForeignKey("societies.id"), index=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("signing_keys.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    signed_at: Mapped[datetime]
    """The whole second that the signature names."""
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    head: Mapped[Head] = relationship(back_populates="countersignatures")
    society: Mapped[Society] = relationship()
    key: Mapped[SigningKey] = relationship()
    by: Mapped[Person | None] = relationship()


class Mailing(Base):
    """A head was sent to the officers of a society; at most one a day."""

    __tablename__ = "log_mailings"
    society_id: Mapped[int] = mapped_column(ForeignKey("societies.id"), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    head_size: Mapped[int] = mapped_column(ForeignKey("log_heads.size"))
    at: Mapped[datetime]
    head: Mapped[Head] = relationship()
