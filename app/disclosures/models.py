"""Declarations of financial relationships, and what someone not concerned says of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Select, UniqueConstraint, func, select
from sqlalchemy.orm import (
    Mapped,
    Session,
    aliased,
    joinedload,
    mapped_column,
    object_session,
    relationship,
    selectinload,
)
from sqlalchemy.sql.base import ExecutableOption

from app.accounts.models import Person
from app.agenda.models import Speaker
from app.agenda.profiles import note
from app.db import Base
from app.disclosures.declaring import Declared, Exemption, Line, Nature, against_declaring
from app.errors import Refusal
from app.societies.models import OFFICERS, Office

REVIEWERS = (Office.COURSE_ADMINISTRATOR, *OFFICERS)
"""The offices of the societies that hold an activity whose holders look after its disclosures."""


class Disclosure(Base):
    """One version of what someone on a programme declared. It never changes; a new one follows."""

    __tablename__ = "disclosures"
    __table_args__ = (UniqueConstraint("speaker_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speakers.id"))
    version: Mapped[int]
    has_none: Mapped[bool]
    """They said that there is nothing to declare; it never follows from an empty list."""
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """The member of staff who recorded it; nobody when it was made on the personal page."""
    source: Mapped[str] = mapped_column(default="")
    """Where a declaration came from that staff recorded."""

    speaker: Mapped[Speaker] = relationship()
    by: Mapped[Person | None] = relationship()
    relationships: Mapped[list[Relationship]] = relationship(
        order_by="Relationship.position", back_populates="disclosure"
    )
    reviews: Mapped[list[Review]] = relationship(order_by="Review.id", back_populates="disclosure")

    @classmethod
    def parts(cls) -> list[ExecutableOption]:
        """What loads a declaration with its relationships and reviews."""
        return [
            selectinload(cls.relationships),
            selectinload(cls.reviews).joinedload(Review.by, innerjoin=True),
            joinedload(cls.by),
        ]

    @classmethod
    def whole(cls) -> Select[Disclosure]:
        return select(cls).options(*cls.parts())

    @classmethod
    def latest(cls) -> Select[Disclosure]:
        """The version that counts of each."""
        other = aliased(cls)
        newest = select(func.max(other.version)).where(other.speaker_id == cls.speaker_id)
        return cls.whole().where(cls.version == newest.scalar_subquery())

    @property
    def review(self) -> Review | None:
        """The review that counts: the latest."""
        return self.reviews[-1] if self.reviews else None

    @property
    def declared(self) -> Declared:
        lines = tuple(Line(r.company, r.nature, r.words, r.ended_on) for r in self.relationships)
        return Declared(has_none=self.has_none, lines=lines)

    @property
    def is_on_behalf(self) -> bool:
        return bool(self.source)

    def __str__(self) -> str:
        return f"{self.speaker.name}, {self.version}"


class Relationship(Base):
    """A financial relationship with a company within the last 24 months, of any amount."""

    __tablename__ = "financial_relationships"

    id: Mapped[int] = mapped_column(primary_key=True)
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id"), index=True)
    position: Mapped[int]
    company: Mapped[str]
    nature: Mapped[Nature]
    words: Mapped[str] = mapped_column(default="")
    """What it is, when it is none of the usual ones."""
    ended_on: Mapped[date | None]
    """When it ended; nothing while it goes on."""

    disclosure: Mapped[Disclosure] = relationship(back_populates="relationships")


class Review(Base):
    """What someone not concerned says of a declaration: whether it stands, and what was done."""

    __tablename__ = "disclosure_reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id"), index=True)
    is_accepted: Mapped[bool]
    mitigation: Mapped[str] = mapped_column(default="")
    exemption: Mapped[Exemption | None]
    """Why an owner or employee of a company may take part nevertheless."""
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]

    disclosure: Mapped[Disclosure] = relationship(back_populates="reviews")
    by: Mapped[Person] = relationship()


def declare(
    speaker: Speaker, declared: Declared, *, at: datetime, by: Person | None = None,
    source: str = "",
) -> Disclosure:  # fmt: skip
    """Declare: by their own link, or recorded by staff with where it came from.

    The same once more leaves the version that stands, and its review, as they are.
    """
    session = _session_of(speaker)
    Refusal.unless_none(against_declaring(declared, on=at.date()))
    standing = session.scalars(
        Disclosure.latest().where(Disclosure.speaker_id == speaker.id)
    ).one_or_none()
    if standing is not None and standing.declared == declared:
        return standing
    disclosure = Disclosure(
        speaker=speaker, version=standing.version + 1 if standing else 1,
        has_none=declared.has_none, at=at, by=by, source=source, reviews=[],
        relationships=[
            Relationship(position=n, company=line.company, nature=line.nature, words=line.words,
                         ended_on=line.ended_on)
            for n, line in enumerate(declared.lines, 1)
        ],
    )  # fmt: skip
    session.add(disclosure)
    act = "disclosure.recorded" if source else "disclosure.made"
    note(speaker, act, at, by=by, on=disclosure, version=disclosure.version,
         none=declared.has_none, source=source, relationships=_told(declared))  # fmt: skip
    return disclosure


def _told(declared: Declared) -> list[list[str]]:
    """The relationships as the journal keeps them."""
    return [
        [line.company, line.words or str(line.nature),
         line.ended_on.isoformat() if line.ended_on else ""]
        for line in declared.lines
    ]  # fmt: skip


def _session_of(speaker: Speaker) -> Session:
    session = object_session(speaker)
    assert session is not None
    return session
