"""Signing keys and what became of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from app import sealed
from app.accounts.models import Person
from app.db import Base
from app.schemes.models import Scheme
from app.signing_keys import certificates
from app.societies.models import Society


class Purpose(StrEnum):
    """What a key signs."""

    SEAL = "seal"
    """PAdES seals on documents, under an X.509 certificate."""
    PROOF = "proof"
    """Data integrity proofs on credentials, under a DID document (Ed25519)."""
    COMPACT = "compact"
    """The compact form (VC-JWT) of a scheme's credentials, for readers that know RS256 alone."""
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


class Algorithm(StrEnum):
    """What a key computes; always over SHA-256, but for Ed25519, which has its own digest."""

    ECDSA_P256 = "ecdsa-p256"
    RSA_3072 = "rsa-3072"
    RSA_4096 = "rsa-4096"
    """Never made here; what a society brings from its own authority may be of this size."""
    ED25519 = "ed25519"


class SigningKey(Base):
    """A key of a society, of a scheme (all its societies together), or of the platform."""

    __tablename__ = "signing_keys"
    __table_args__ = (
        CheckConstraint("society_id IS NULL OR scheme_id IS NULL", name="has_one_owner"),
        CheckConstraint("(secret IS NOT NULL) = (keeping = 'local')", name="is_kept_once"),
        CheckConstraint("(token IS NOT NULL) = (keeping = 'token')", name="is_found_in_its_token"),
        CheckConstraint(
            "(purpose IN ('seal', 'compact')) = (algorithm <> 'ed25519')",
            name="algorithm_fits_its_purpose",
        ),
        CheckConstraint("keeping = 'local' OR purpose = 'seal'", name="only_seals_leave_home"),
        Index("uq_signing_keys_number", "name", "purpose", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    society_id: Mapped[int | None] = mapped_column(ForeignKey("societies.id"), index=True)
    scheme_id: Mapped[int | None] = mapped_column(ForeignKey("schemes.id"), index=True)
    purpose: Mapped[Purpose]
    name: Mapped[str]
    """The owner's code and a number, such as "efrs-2": the fragment in DID documents."""
    algorithm: Mapped[Algorithm]
    keeping: Mapped[Keeping]
    public_key: Mapped[str] = mapped_column(Text)
    """SubjectPublicKeyInfo, PEM."""
    secret: Mapped[str | None] = mapped_column(Text)
    """PKCS#8 PEM, closed by `app.sealed`."""
    token: Mapped[str | None]
    """Label of the PKCS#11 token and of the key in it, as "token/key"."""
    certificates: Mapped[str] = mapped_column(Text, default="")
    """The certificate and its chain, PEM, the key's own first; of seal keys only."""
    expires_at: Mapped[datetime | None]
    """When the certificate ends, and the key with it; keys without one do not end by themselves."""
    is_qualified: Mapped[bool] = mapped_column(default=False)
    """Whether the society states that its certificate is one for qualified electronic seals."""
    request: Mapped[str] = mapped_column(Text, default="")
    """The latest certificate request, PKCS#10 PEM."""
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    in_force_at: Mapped[datetime | None]
    """Since when it signs; nothing while it waits for its certificate."""

    society: Mapped[Society | None] = relationship()
    scheme: Mapped[Scheme | None] = relationship()
    made_by: Mapped[Person | None] = relationship()
    retirement: Mapped[KeyRetirement | None] = relationship(back_populates="key")
    compromise: Mapped[KeyCompromise | None] = relationship(back_populates="key")

    certifications: Mapped[list[KeyCertification]] = relationship(
        back_populates="key", order_by="KeyCertification.id"
    )
    confirmations: Mapped[list[KeyConfirmation]] = relationship(
        back_populates="key", order_by="KeyConfirmation.id"
    )

    @property
    def is_self_made(self) -> bool:
        """Whether nobody but the key itself vouches for whose it is."""
        own = certificates.parsed(self.certificates)
        return not own or own[0].issuer == own[0].subject

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the public key, in groups that people can compare aloud."""
        public = certificates.public_key(self.public_key)
        return certificates.grouped(certificates.spki(public))

    @property
    def has_ended(self) -> bool:
        """Whether it was retired or reported: it never signs again."""
        return self.retirement is not None or self.compromise is not None

    def is_in_force(self, *, at: datetime) -> bool:
        """Whether it signs at a moment."""
        has_begun = self.in_force_at is not None and self.in_force_at <= at
        is_retired = self.retirement is not None and self.retirement.at <= at
        is_in_doubt = self.compromise is not None and self.compromise.since <= at
        has_expired = self.expires_at is not None and self.expires_at <= at
        return has_begun and not (is_retired or is_in_doubt or has_expired)

    @property
    def sealed_for(self) -> str:
        """What its private part is sealed for: this very key alone."""
        return secret_purpose(self.purpose, self.name)

    def reseal(self) -> bool:
        """Seal the private part with what seals today; whether it was not."""
        is_old = self.secret is not None and not sealed.is_sealed_anew(self.secret)
        if self.secret is not None and is_old:
            self.secret = sealed.seal(sealed.unseal(self.secret, self.sealed_for), self.sealed_for)
        return is_old

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


class KeyCertification(Base):
    """The act of giving a key its certificate: by itself when it is made, later by an authority."""

    __tablename__ = "key_certifications"
    id: Mapped[int] = mapped_column(primary_key=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("signing_keys.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    certificates: Mapped[str] = mapped_column(Text)
    """The certificate and its chain, PEM, the key's own first."""
    is_qualified: Mapped[bool] = mapped_column(default=False)
    key: Mapped[SigningKey] = relationship(back_populates="certifications")
    by: Mapped[Person | None] = relationship()


class KeyConfirmation(Base):
    """The finding that a society shows the same key on its own website."""

    __tablename__ = "key_confirmations"
    id: Mapped[int] = mapped_column(primary_key=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("signing_keys.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    address: Mapped[str]
    """Where it was read."""
    key: Mapped[SigningKey] = relationship(back_populates="confirmations")
    by: Mapped[Person | None] = relationship()


class KeyWarning(Base):
    """The letter that a key's certificate ends soon; one for each distance, and certificate."""

    __tablename__ = "key_warnings"
    key_id: Mapped[int] = mapped_column(ForeignKey("signing_keys.id"), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]


def secret_purpose(purpose: str, name: str) -> str:
    """A private part opens for the very key that it was sealed for."""
    return f"signing key {purpose} {name}"


def sealed_texts(session: Session) -> list[tuple[str, str]]:
    """What keys keep sealed, for the doctor."""
    found = session.execute(
        select(SigningKey.secret, SigningKey.purpose, SigningKey.name).where(
            SigningKey.secret.is_not(None)
        )
    )
    return [(text, secret_purpose(purpose, name)) for text, purpose, name in found if text]


def reseal_all(session: Session) -> tuple[int, int]:
    """Seal every private part with what seals today; how many were not, and how many stay shut."""
    anew = shut = 0
    for key in session.scalars(select(SigningKey).where(SigningKey.secret.is_not(None))):
        try:
            anew += key.reseal()
        except sealed.CannotOpen:
            shut += 1
    return anew, shut
