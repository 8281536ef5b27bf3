"""Signing keys and what became of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.db import Base
from app.schemes.models import Scheme
from app.societies.models import Society


class Purpose(StrEnum):
    """What a key signs."""

    SEAL = "seal"
    """PAdES seals on documents, under an X.509 certificate."""
    PROOF = "proof"
    """Data integrity proofs on credentials, under a DID document (Ed25519)."""
    LOG = "log"
    """Heads of the transparency log, trust bundles and exports of the platform (Ed25519)."""


class Keeping(StrEnum):
    """Where the private part is."""

    LOCAL = "local"
    """Here, sealed with the deployment's own secret."""
    TOKEN = "token"
    """In a PKCS#11 token that this machine reaches."""
    DEFERRED = "deferred"
    """With the society, which signs elsewhere and hands the signature in."""


class SigningKey(Base):
    """A key of a society, of a scheme (all its societies together), or of the platform."""

    __tablename__ = "signing_keys"
    __table_args__ = (
        CheckConstraint("society_id IS NULL OR scheme_id IS NULL", name="has_one_owner"),
        CheckConstraint("(secret IS NOT NULL) = (keeping = 'local')", name="is_kept_once"),
        Index("uq_signing_keys_number", "name", "purpose", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    society_id: Mapped[int | None] = mapped_column(ForeignKey("societies.id"), index=True)
    scheme_id: Mapped[int | None] = mapped_column(ForeignKey("schemes.id"), index=True)
    purpose: Mapped[Purpose]
    name: Mapped[str]
    """The owner's code and a number, such as "efrs-2": the fragment in DID documents."""
    algorithm: Mapped[str]
    """"ecdsa-p256", "rsa-3072" or "ed25519"."""
    keeping: Mapped[Keeping]
    public_key: Mapped[str] = mapped_column(Text)
    """SubjectPublicKeyInfo, PEM."""
    secret: Mapped[str | None] = mapped_column(Text)
    """PKCS#8 PEM, closed by `app.sealed`."""
    token: Mapped[str | None]
    """Label of the PKCS#11 token and of the key in it, as "token/key"."""
    certificates: Mapped[str] = mapped_column(Text, default="")
    """The certificate and its chain, PEM, the key's own first; of seal keys only."""
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    in_force_at: Mapped[datetime | None]
    """Since when it signs; nothing while it waits for its certificate."""

    society: Mapped[Society | None] = relationship()
    scheme: Mapped[Scheme | None] = relationship()
    made_by: Mapped[Person | None] = relationship()
    retirement: Mapped[KeyRetirement | None] = relationship(back_populates="key")
    compromise: Mapped[KeyCompromise | None] = relationship(back_populates="key")

    def __str__(self) -> str:
        return f"{self.name} ({self.purpose})"


class KeyRetirement(Base):
    """The act after which a key signs nothing new; what it signed stands."""

    __tablename__ = "key_retirements"
    key_id: Mapped[int] = mapped_column(ForeignKey("signing_keys.id"), primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str]
    key: Mapped[SigningKey] = relationship(back_populates="retirement")
    by: Mapped[Person | None] = relationship()


class KeyCompromise(Base):
    """The report that someone else may hold a key: what it signed from a moment on is in doubt."""

    __tablename__ = "key_compromises"
    key_id: Mapped[int] = mapped_column(ForeignKey("signing_keys.id"), primary_key=True)
    since: Mapped[datetime]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str]
    key: Mapped[SigningKey] = relationship(back_populates="compromise")
    by: Mapped[Person | None] = relationship()
