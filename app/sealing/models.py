"""Seals on documents, and what waits for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.credentials.models import Credential
from app.db import Base
from app.signing_keys.models import Purpose, SigningKey
from app.societies.models import Society


class Seal(Base):
    """A society's seal on a finished document."""

    __tablename__ = "seals"
    __table_args__ = (UniqueConstraint("credential_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credentials.id"))
    position: Mapped[int]
    """The agreed order, from 1."""
    society_id: Mapped[int] = mapped_column(ForeignKey("societies.id"))
    key_id: Mapped[int] = mapped_column(ForeignKey("signing_keys.id"), index=True)
    at: Mapped[datetime]
    credential: Mapped[Credential] = relationship()
    society: Mapped[Society] = relationship()
    key: Mapped[SigningKey] = relationship()


class DocumentTimestamp(Base):
    """A time stamp of an RFC 3161 authority over a whole document; later ones renew the first."""

    __tablename__ = "document_timestamps"
    id: Mapped[int] = mapped_column(primary_key=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credentials.id"), index=True)
    at: Mapped[datetime]
    """The authority's time."""
    authority: Mapped[str]
    valid_until: Mapped[datetime]
    """Until when the authority's certificate holds."""
    file_digest: Mapped[str]
    """SHA-256 of the document with this time stamp."""


class Unfinished(Base):
    """A document between two seals: what is there so far waits for a society's signature."""

    __tablename__ = "unfinished_documents"
    credential_id: Mapped[int] = mapped_column(ForeignKey("credentials.id"), primary_key=True)
    file_digest: Mapped[str]
    """SHA-256 of the document so far, kept in the file store."""
    sealed: Mapped[int]
    """How many societies have sealed it."""
    credential: Mapped[Credential] = relationship()


class SigningRequest(Base):
    """What a society is asked to sign elsewhere, and what it handed in."""

    __tablename__ = "signing_requests"
    __table_args__ = (UniqueConstraint("credential_id", "purpose", "key_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credentials.id"), index=True)
    purpose: Mapped[Purpose]
    society_id: Mapped[int] = mapped_column(ForeignKey("societies.id"), index=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("signing_keys.id"))
    to_sign: Mapped[bytes] = mapped_column(LargeBinary)
    asked_at: Mapped[datetime]
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    credential: Mapped[Credential] = relationship()
    society: Mapped[Society] = relationship()
    key: Mapped[SigningKey] = relationship()
    answered_by: Mapped[Person | None] = relationship()
