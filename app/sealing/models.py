"""Seals on documents, and what waits for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

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
    valid_until: Mapped[datetime] = mapped_column(index=True)
    """Until when the authority's certificate holds."""
    file_digest: Mapped[str]
    """SHA-256 of the document with this time stamp."""
    file_size: Mapped[int]
    """A later document begins with this one: so many bytes of it are this one again."""


class Unfinished(Base):
    """A file on its way into the store, written down before it is put there.

    Signatures are never the same twice, so a worker that dies leaves a file that no other will
    write again. Once the document is finished, whatever stands here and is not it is removed.
    """

    __tablename__ = "unfinished_documents"
    __table_args__ = (UniqueConstraint("credential_id", "file_digest"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credentials.id"))
    file_digest: Mapped[str]
    at: Mapped[datetime]
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
    position: Mapped[int]
    """Which seal of the document it is, from 1."""
    sealed_by: Mapped[list[Any]]
    """The keys of the seals before it, in their order."""
    file_digest: Mapped[str]
    """SHA-256 of the document so far, in which the place of this signature is still empty."""
    to_sign: Mapped[bytes] = mapped_column(LargeBinary)
    """The signed attributes (DER); they hold the document's digest and the certificate's."""
    asked_at: Mapped[datetime]
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    credential: Mapped[Credential] = relationship()
    society: Mapped[Society] = relationship()
    key: Mapped[SigningKey] = relationship()
    answered_by: Mapped[Person | None] = relationship()
