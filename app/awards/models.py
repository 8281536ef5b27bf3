"""Award lists, awards, approvals and the release."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, Text, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.accounts.models import Person
from app.db import Base
from app.schemes.models import Candidacy, Edition, Part, Requirement, Scheme, SchemePart
from app.societies.models import Mandate, Society

_FIRST_WHERE = text("struck_at IS NULL AND replaces IS NULL")
_CORRECTION_WHERE = text("struck_at IS NULL AND replaces IS NOT NULL")
_FIRST: dict[str, Any] = {"sqlite_where": _FIRST_WHERE, "postgresql_where": _FIRST_WHERE}
_CORRECTION: dict[str, Any] = {
    "sqlite_where": _CORRECTION_WHERE,
    "postgresql_where": _CORRECTION_WHERE,
}


class AwardList(Base):
    """Those who shall be awarded under an edition, decided together."""

    __tablename__ = "award_lists"
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    title: Mapped[str]
    drawn_up_at: Mapped[datetime]
    drawn_up_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    frozen_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=0)
    """How often it was frozen; part of the content, so that no digest ever comes back."""
    content: Mapped[str | None] = mapped_column(Text)
    """What the officers approve, in canonical JSON (RFC 8785); nothing while the list is open."""
    digest: Mapped[str | None]
    """SHA-256 of the content."""
    look: Mapped[dict[str, Any] | None]
    """The design, the marks and the annex that the content holds, so that issuing need not read
    through all of it."""

    edition: Mapped[Edition] = relationship()
    drawn_up_by: Mapped[Person] = relationship()
    awards: Mapped[list[Award]] = relationship(back_populates="award_list", order_by="Award.id")
    approvals: Mapped[list[Approval]] = relationship(
        back_populates="award_list", order_by="Approval.id"
    )
    release: Mapped[Release | None] = relationship(back_populates="award_list")

    @classmethod
    def awarded_by(cls, society_ids: Sequence[int]) -> Select[AwardList]:
        """Lists of schemes that these societies award: the reach of their officers."""
        awarding = select(SchemePart.scheme_id).where(
            SchemePart.society_id.in_(society_ids), SchemePart.part == Part.AWARDING
        )
        within = select(Edition.id).where(Edition.scheme_id.in_(awarding))
        return select(cls).where(cls.edition_id.in_(within)).options(*cls.with_keys())

    @classmethod
    def with_keys(cls) -> tuple[ORMOption, ...]:
        """Options that load what says whose turn it is."""
        scheme = joinedload(cls.edition, innerjoin=True).joinedload(Edition.scheme, innerjoin=True)
        return (
            scheme.joinedload(Scheme.body, innerjoin=True),
            scheme.joinedload(Scheme.parts).joinedload(SchemePart.society, innerjoin=True),
            selectinload(cls.approvals).joinedload(Approval.society, innerjoin=True),
            selectinload(cls.approvals).joinedload(Approval.by, innerjoin=True),
            selectinload(cls.approvals).joinedload(Approval.mandate, innerjoin=True),
            joinedload(cls.release),
        )

    @classmethod
    def whole(cls) -> tuple[ORMOption, ...]:
        """Options that load everything a list is weighed by and shown with."""
        return (
            *cls.with_keys(),
            joinedload(cls.edition, innerjoin=True)
            .selectinload(Edition.requirements)
            .joinedload(Requirement.course),
            selectinload(cls.awards)
            .joinedload(Award.candidacy, innerjoin=True)
            .joinedload(Candidacy.person, innerjoin=True),
            selectinload(cls.awards).joinedload(Award.struck_by),
            joinedload(cls.drawn_up_by, innerjoin=True),
        )

    @property
    def scheme(self) -> Scheme:
        return self.edition.scheme

    @property
    def is_frozen(self) -> bool:
        return self.digest is not None

    @property
    def is_released(self) -> bool:
        return self.release is not None

    @property
    def standing_awards(self) -> list[Award]:
        return [award for award in self.awards if award.stands]

    @property
    def standing_approvals(self) -> list[Approval]:
        """Approvals of exactly what the list holds now."""
        return [a for a in self.approvals if a.digest == self.digest]

    @property
    def void_approvals(self) -> list[Approval]:
        """Approvals of what the list held before it was changed."""
        return [a for a in self.approvals if a.digest != self.digest]

    def __str__(self) -> str:
        return self.title


class Award(Base):
    """One holder on a list, with the name and the evidence as they shall be printed."""

    __tablename__ = "awards"
    __table_args__ = (
        UniqueConstraint("list_id", "candidacy_id"),
        Index("uq_awards_standing", "candidacy_id", unique=True, **_FIRST),
        Index("uq_awards_correction", "replaces", unique=True, **_CORRECTION),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("award_lists.id"))
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacies.id"), index=True)
    holder_name: Mapped[str]
    evidence: Mapped[list[Any]]
    """[{"requirement", "met_by": [text, …], "completions": [id, …]}] when the list was frozen."""
    replaces: Mapped[str | None]
    """Serial of the diploma this one corrects."""
    struck_at: Mapped[datetime | None]
    struck_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    struck_reason: Mapped[str] = mapped_column(default="")

    award_list: Mapped[AwardList] = relationship(back_populates="awards")
    candidacy: Mapped[Candidacy] = relationship()
    struck_by: Mapped[Person | None] = relationship()

    @classmethod
    def released(cls) -> Select[Award]:
        """Awards of lists that every awarding society has approved."""
        return (
            select(cls)
            .join(cls.award_list)
            .join(AwardList.release)
            .where(cls.struck_at.is_(None))
            .order_by(cls.id)
        )

    @property
    def stands(self) -> bool:
        return self.struck_at is None

    def __str__(self) -> str:
        return self.holder_name


class Approval(Base):
    """A society's key: an officer approved a digest under a mandate in force that day."""

    __tablename__ = "approvals"
    __table_args__ = (UniqueConstraint("list_id", "digest", "by_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("award_lists.id"))
    society_id: Mapped[int] = mapped_column(ForeignKey("societies.id"))
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandates.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    digest: Mapped[str]

    award_list: Mapped[AwardList] = relationship(back_populates="approvals")
    society: Mapped[Society] = relationship()
    mandate: Mapped[Mandate] = relationship()
    by: Mapped[Person] = relationship()


class Release(Base):
    """Every awarding society had approved: the list became diplomas."""

    __tablename__ = "releases"
    list_id: Mapped[int] = mapped_column(ForeignKey("award_lists.id"), primary_key=True)
    at: Mapped[datetime]
    on: Mapped[date]
    digest: Mapped[str]
    award_list: Mapped[AwardList] = relationship(back_populates="release")
