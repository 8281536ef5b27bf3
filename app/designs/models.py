"""Designs and their published versions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.db import Base
from app.schemes.models import Scheme
from app.societies.models import Society


class Occasion(StrEnum):
    """What is printed with a design."""

    DIPLOMA = "diploma"
    CERTIFICATE = "certificate"


class Design(Base):
    """How the diplomas of a scheme, or the certificates that a society leads, shall look."""

    __tablename__ = "designs"
    __table_args__ = (
        CheckConstraint("(society_id IS NULL) <> (scheme_id IS NULL)", name="has_one_owner"),
        UniqueConstraint("scheme_id", "occasion"),
        UniqueConstraint("society_id", "occasion"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion: Mapped[Occasion]
    scheme_id: Mapped[int | None] = mapped_column(ForeignKey("schemes.id"))
    society_id: Mapped[int | None] = mapped_column(ForeignKey("societies.id"))
    draft: Mapped[dict[str, Any]]
    """The choices as `app.designs.choices` reads them, not yet published."""
    changed_at: Mapped[datetime]

    scheme: Mapped[Scheme | None] = relationship()
    society: Mapped[Society | None] = relationship()
    versions: Mapped[list[DesignVersion]] = relationship(
        back_populates="design", order_by="DesignVersion.number"
    )

    @property
    def latest(self) -> DesignVersion | None:
        """The version that holds for what is issued from now on."""
        return self.versions[-1] if self.versions else None

    @property
    def societies(self) -> list[Society]:
        """Whose design it is: those who award the scheme, or the society itself."""
        if self.scheme is not None:
            return self.scheme.awarding
        assert self.society is not None
        return [self.society]

    def __str__(self) -> str:
        return str(self.scheme or self.society)


class DesignVersion(Base):
    """A design as it was published; it never changes."""

    __tablename__ = "design_versions"
    __table_args__ = (UniqueConstraint("design_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = mapped_column(ForeignKey("designs.id"))
    number: Mapped[int]
    choices: Mapped[dict[str, Any]]
    digest: Mapped[str]
    """SHA-256 of the choices in canonical JSON (RFC 8785)."""
    published_at: Mapped[datetime]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    specimen_digest: Mapped[str]
    """The PDF that showed at publication what it looks like, in the file store."""
    picture_digest: Mapped[str]
    """Its first page as a PNG."""

    design: Mapped[Design] = relationship(back_populates="versions")
    published_by: Mapped[Person] = relationship()

    def __str__(self) -> str:
        return f"{self.design}, {self.number}"
