"""Leaves, heads and countersignatures of the log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.db import Base
from app.signing_keys.models import SigningKey
from app.societies.models import Society


class Leaf(Base):
    """One act on a credential, in the order in which the log took it in."""

    __tablename__ = "log_leaves"
    __table_args__ = (UniqueConstraint("credential_id", "act"),)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 0, without a gap."""
    credential_id: Mapped[int] = mapped_column(ForeignKey("credentials.id"))
    act: Mapped[str]
    content: Mapped[str] = mapped_column(Text)
    """Canonical JSON (RFC 8785); it names no person."""
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    """SHA-256(0x00 || content)."""


class Head(Base):
    """The log at a moment: its size and root, signed by the platform."""

    __tablename__ = "log_heads"
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[datetime]
    key_id: Mapped[int] = mapped_column(ForeignKey("signing_keys.id"))
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    key: Mapped[SigningKey] = relationship()
    countersignatures: Mapped[list[Countersignature]] = relationship(back_populates="head")


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
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    head: Mapped[Head] = relationship(back_populates="countersignatures")
    society: Mapped[Society] = relationship()
    key: Mapped[SigningKey] = relationship()
    by: Mapped[Person | None] = relationship()
