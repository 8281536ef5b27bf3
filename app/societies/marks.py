"""The marks of societies: the latest is the one in use, the earlier ones stay on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, Text, and_, func, or_, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from app.accounts.models import Person
from app.db import Base
from app.journal.models import record
from app.societies.drawings import Drawing
from app.societies.models import Society
from app.societies.wordmark import mark as wordmark

SVG = "image/svg+xml"
PNG = "image/png"


class Mark(Base):
    """A society's own mark as it was taken in: a drawing of plain outlines, or a picture."""

    __tablename__ = "marks"
    __table_args__ = (
        CheckConstraint("(drawing IS NOT NULL) = (media_type = 'image/svg+xml')", name="is_drawn"),
        Index("ix_marks_society", "society_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    society_id: Mapped[int] = mapped_column(ForeignKey("societies.id"))
    digest: Mapped[str]
    """SHA-256 of the file as we keep it."""
    media_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    drawing: Mapped[str | None] = mapped_column(Text)
    """The SVG itself; a picture is read from the store by its digest."""
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]

    society: Mapped[Society] = relationship()
    uploaded_by: Mapped[Person] = relationship()

    @classmethod
    def of(cls, society: Society) -> Select[Mark]:
        """A society's marks, the latest first."""
        return (
            select(cls)
            .where(cls.society_id == society.id)
            .order_by(cls.id.desc())
            .options(joinedload(cls.uploaded_by, innerjoin=True))
        )

    @classmethod
    def take_in(
        cls,
        session: Session,
        society: Society,
        drawing: Drawing,
        *,
        digest: str,
        by: Person,
        at: datetime,
    ) -> Mark:
        """Use this mark from now on. What was issued keeps the one it was issued with."""
        existing = current(session, [society.id]).get(society.id)
        if existing is not None and existing.digest == digest:
            return existing
        mark = cls(society=society, digest=digest, media_type=drawing.media_type,
                   width=drawing.width, height=drawing.height, drawing=drawing.svg,
                   uploaded_by=by, at=at)  # fmt: skip
        session.add(mark)
        record(session, "mark.taken_in", by=by, at=at, on=mark, societies=[society],
               sha256=digest, kind=drawing.media_type)  # fmt: skip
        return mark

    def __str__(self) -> str:
        return f"{self.society.short}, {self.media_type}"


def current(session: Session, society_ids: Iterable[int]) -> dict[int, Mark]:
    """The mark in use of each of these societies that has given one."""
    latest = (
        select(func.max(Mark.id))
        .where(Mark.society_id.in_(list(society_ids)))
        .group_by(Mark.society_id)
    )
    return _by_society(session, latest)


def named(session: Session, digests: Mapping[int, str]) -> dict[int, Mark]:
    """The marks that these societies had under these digests, in use or not."""
    if not digests:
        return {}
    wanted = [and_(Mark.society_id == key, Mark.digest == d) for key, d in digests.items()]
    return _by_society(
        session, select(func.max(Mark.id)).where(or_(*wanted)).group_by(Mark.society_id)
    )


def _by_society(session: Session, ids: Select[int]) -> dict[int, Mark]:
    return {mark.society_id: mark for mark in session.scalars(select(Mark).where(Mark.id.in_(ids)))}


def facts(mark: Mark | None, society: Society) -> dict[str, str]:
    """What a snapshot says of a society's mark: the drawing itself, or the digest of a picture."""
    if mark is None:
        return {"mark": wordmark(society.short, society.colour)}
    if mark.drawing is not None:
        return {"mark": mark.drawing}
    return {"mark": "", "mark_digest": mark.digest}
