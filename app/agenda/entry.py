"""On which terms people come in: from when until when, and who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.agenda.kinds import Entry, Proof
from app.db import Base
from app.societies.models import Society


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The terms of an activity. What proves presence stands once it is announced."""

    registration_from: datetime | None = None
    registration_until: datetime | None = None
    entry: Entry = Entry.EVERYONE
    members_of: frozenset[int] = frozenset()
    invited: frozenset[str] = frozenset()
    has_credits: bool = False
    needs_evaluation: bool = False
    proofs: tuple[Proof, ...] = (Proof.REPORT,)


class OpenToMembers(Base):
    """A society whose members may enrol, where only members may."""

    __tablename__ = "activity_members"
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    society_id: Mapped[int] = mapped_column(ForeignKey("societies.id"), primary_key=True)
    society: Mapped[Society] = relationship()


class Invitation(Base):
    """An address that may enrol, where only a list may."""

    __tablename__ = "activity_invitations"
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
