"""Credentials in machine-readable form, and the lists of their status."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.credentials.models import Credential
from app.db import Base
from app.schemes.models import Scheme


class StatusPurpose(StrEnum):
    """What a bit says; the words of Bitstring Status List."""

    REVOCATION = "revocation"
    SUSPENSION = "suspension"


class OpenBadge(Base):
    """The joint credential of a diploma with every proof, exactly as it was attached and served."""

    __tablename__ = "open_badges"
    credential_id: Mapped[int] = mapped_column(ForeignKey("credentials.id"), primary_key=True)
    document: Mapped[str] = mapped_column(Text)
    digest: Mapped[str]
    """SHA-256 of the document in UTF-8."""
    made_at: Mapped[datetime]
    credential: Mapped[Credential] = relationship()


class StatusList(Base):
    """A list of 131,072 bits; it is signed again when one changes and before it grows old."""

    __tablename__ = "status_lists"
    __table_args__ = (UniqueConstraint("scheme_id", "purpose", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("schemes.id"))
    purpose: Mapped[StatusPurpose]
    number: Mapped[int]
    changed_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    document: Mapped[str | None] = mapped_column(Text)
    """The status list credential as it was last signed."""
    compact: Mapped[str | None] = mapped_column(Text)
    """The same as a VC-JWT."""
    scheme: Mapped[Scheme] = relationship()


class StatusEntry(Base):
    """The place of a credential in a status list, drawn at random among those unused."""

    __tablename__ = "status_entries"
    __table_args__ = (UniqueConstraint("list_id", "position"),)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credentials.id"), primary_key=True)
    purpose: Mapped[StatusPurpose] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("status_lists.id"))
    position: Mapped[int]
    status_list: Mapped[StatusList] = relationship()
