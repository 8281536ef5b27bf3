"""Rounds of rechecking, and what they found."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.db import Base


class Round(Base):
    """One pass over everything issued."""

    __tablename__ = "recheck_rounds"
    id: Mapped[int] = mapped_column(primary_key=True)
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reached: Mapped[str] = mapped_column(default="")
    """How far it has come: the part and the key of the last thing read."""
    next_at: Mapped[datetime]
    checked: Mapped[int] = mapped_column(default=0)


class Finding(Base):
    """Something that is not what the register says."""

    __tablename__ = "recheck_findings"
    __table_args__ = (UniqueConstraint("part", "subject", "reason"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("recheck_rounds.id"))
    part: Mapped[str]
    subject: Mapped[str]
    reason: Mapped[str]
    found_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    settled_reason: Mapped[str] = mapped_column(default="")
    settled_by: Mapped[Person | None] = relationship()
