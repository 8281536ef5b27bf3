"""Credentials and what became of them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    and_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from app.accounts.models import Person
from app.awards.models import Award
from app.completions.models import Completion
from app.db import Base
from app.societies.models import Society


class CredentialKind(StrEnum):
    DIPLOMA = "diploma"
    ATTENDANCE = "attendance"
    COMPLETION = "completion"


class Credential(Base):
    """A certificate or diploma: its snapshot, its serial, and its one file."""

    __tablename__ = "credentials"
    __table_args__ = (
        CheckConstraint("(award_id IS NULL) <> (completion_id IS NULL)", name="has_one_origin"),
        UniqueConstraint("completion_id", "version"),
        Index("ix_credentials_waiting", "next_at", sqlite_where=text("file_digest IS NULL"),
              postgresql_where=text("file_digest IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[CredentialKind]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    award_id: Mapped[int | None] = mapped_column(ForeignKey("awards.id"), unique=True)
    completion_id: Mapped[int | None] = mapped_column(ForeignKey("completions.id"))
    version: Mapped[int] = mapped_column(default=1)
    snapshot: Mapped[dict[str, Any]]
    issued_at: Mapped[datetime]
    issued_on: Mapped[date]
    valid_until: Mapped[date | None]
    design_version_id: Mapped[int | None] = mapped_column(ForeignKey("design_versions.id"))
    """The published design it was set with; nothing for our own default."""
    held_for_id: Mapped[int | None] = mapped_column(ForeignKey("societies.id"), index=True)
    """The society whose key or signature its file waits for."""
    shows_name: Mapped[bool] = mapped_column(default=False)
    """Whether the holder lets the verification page print the name."""

    file_digest: Mapped[str | None] = mapped_column(index=True)
    file_size: Mapped[int | None]
    typeset_at: Mapped[datetime | None]
    next_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    failed_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
    award: Mapped[Award | None] = relationship()
    completion: Mapped[Completion | None] = relationship()
    revocation: Mapped[Revocation | None] = relationship(back_populates="credential")
    supersession: Mapped[Supersession | None] = relationship(
        back_populates="old", foreign_keys="Supersession.old_id"
    )
    suspensions: Mapped[list[Suspension]] = relationship(
        back_populates="credential", order_by="Suspension.id"
    )
    held_for: Mapped[Society | None] = relationship()

    corrections: Mapped[list[CorrectionRequest]] = relationship(
        back_populates="credential", order_by="CorrectionRequest.id"
    )

    @classmethod
    def of(cls, person: Person) -> Select[Credential]:
        return cls.whole().where(cls.person_id == person.id).order_by(cls.id.desc())

    @classmethod
    def whole(cls) -> Select[Credential]:
        return select(cls).options(
            joinedload(cls.revocation),
            joinedload(cls.supersession).joinedload(Supersession.new),
            joinedload(cls.held_for),
            selectinload(cls.suspensions).joinedload(Suspension.reinstatement),
        )

    @classmethod
    def is_failed(cls) -> ColumnElement[bool]:
        """Whether its sheet could not be set, as a condition."""
        return and_(cls.failed_at.is_not(None), cls.file_digest.is_(None))

    @property
    def society_ids(self) -> list[int]:
        """The societies that issued it: of a diploma the awarding ones, else the organisers."""
        if self.award is not None:
            return [society.id for society in self.award.award_list.scheme.awarding]
        assert self.completion is not None
        return [organiser.society_id for organiser in self.completion.activity.organisers]

    @property
    def is_ready(self) -> bool:
        return self.file_digest is not None

    @property
    def has_failed(self) -> bool:
        return self.failed_at is not None and not self.is_ready

    @property
    def is_over(self) -> bool:
        """Withdrawn, or another took its place: whatever is decided about it comes too late."""
        return self.revocation is not None or self.supersession is not None

    @property
    def suspension(self) -> Suspension | None:
        """The suspension that has not ended."""
        return next((one for one in self.suspensions if one.reinstatement is None), None)

    @property
    def title(self) -> str:
        return str(self.snapshot["title"])

    @property
    def holder_name(self) -> str:
        return str(self.snapshot["holder"]["name"])

    def __str__(self) -> str:
        return self.serial


class Revocation(Base):
    """The act that withdrew a credential; it stays verifiable as withdrawn, for ever."""

    __tablename__ = "revocations"
    credential_id: Mapped[int] = mapped_column(ForeignKey("credentials.id"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    society_id: Mapped[int | None] = mapped_column(ForeignKey("societies.id"))
    at: Mapped[datetime]
    on: Mapped[date]
    reason: Mapped[str]
    credential: Mapped[Credential] = relationship(back_populates="revocation")
    by: Mapped[Person] = relationship()


class Suspension(Base):
    """A credential does not count for a while; it ends by reinstatement or by withdrawal."""

    __tablename__ = "suspensions"
    id: Mapped[int] = mapped_column(primary_key=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credentials.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    society_id: Mapped[int | None] = mapped_column(ForeignKey("societies.id"))
    at: Mapped[datetime]
    on: Mapped[date]
    reason: Mapped[str]
    credential: Mapped[Credential] = relationship(back_populates="suspensions")
    by: Mapped[Person] = relationship()
    reinstatement: Mapped[Reinstatement | None] = relationship(back_populates="suspension")

    def holds(self, *, on: date) -> bool:
        """Whether the credential did not count on a day because of it."""
        ended = self.reinstatement is not None and self.reinstatement.on <= on
        return self.on <= on and not ended


class Reinstatement(Base):
    """A suspension ended: the credential counts again."""

    __tablename__ = "reinstatements"
    suspension_id: Mapped[int] = mapped_column(ForeignKey("suspensions.id"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    society_id: Mapped[int | None] = mapped_column(ForeignKey("societies.id"))
    at: Mapped[datetime]
    on: Mapped[date]
    reason: Mapped[str]
    suspension: Mapped[Suspension] = relationship(back_populates="reinstatement")
    by: Mapped[Person] = relationship()


class Supersession(Base):
    """A corrected version took the place of a credential (decision 8)."""

    __tablename__ = "supersessions"
    old_id: Mapped[int] = mapped_column(ForeignKey("credentials.id"), primary_key=True)
    new_id: Mapped[int] = mapped_column(ForeignKey("credentials.id"), unique=True)
    at: Mapped[datetime]
    on: Mapped[date]
    reason: Mapped[str]
    old: Mapped[Credential] = relationship(back_populates="supersession", foreign_keys=old_id)
    new: Mapped[Credential] = relationship(foreign_keys=new_id)


class CorrectionRequest(Base):
    """The holder asked that the name be corrected; answered by a new version or by a refusal."""

    __tablename__ = "correction_requests"
    id: Mapped[int] = mapped_column(primary_key=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credentials.id"), index=True)
    name: Mapped[str]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    is_granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(default="")
    credential: Mapped[Credential] = relationship(back_populates="corrections")

    @property
    def is_open(self) -> bool:
        return self.answered_at is None
