"""Templates: a webinar's words and habits under a name, to plan others like it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import ForeignKey, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, object_session, relationship

from app.accounts.models import Person
from app.agenda.models import Activity
from app.db import Base
from app.errors import Refusal
from app.journal.models import record
from app.societies.models import Society
from app.texts import gettext as _

MOST = 100
"""Templates of one society."""


class WebinarTemplate(Base):
    """What a society keeps of a webinar to plan others like it; never its day."""

    __tablename__ = "webinar_templates"
    __table_args__ = (UniqueConstraint("society_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    society_id: Mapped[int] = mapped_column(ForeignKey("societies.id"))
    name: Mapped[str]
    holds: Mapped[dict[str, Any]]
    """What the form of a plan starts with."""
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    society: Mapped[Society] = relationship()
    saved_by: Mapped[Person] = relationship()

    @classmethod
    def of(cls, society_ids: Sequence[int]) -> Select[WebinarTemplate]:
        """The templates of these societies, by name."""
        return (
            select(cls)
            .where(cls.society_id.in_(society_ids))
            .options(joinedload(cls.society), joinedload(cls.saved_by))
            .order_by(cls.name, cls.id)
        )

    @classmethod
    def save(
        cls, session: Session, activity: Activity, name: str, *, society: Society, by: Person,
        at: datetime,
    ) -> WebinarTemplate:  # fmt: skip
        """Keep a webinar as a template of a society under a name of its own."""
        names = set(session.scalars(select(cls.name).where(cls.society_id == society.id)))
        if name.casefold() in {one.casefold() for one in names}:
            raise Refusal(_("%(society)s has a template of this name already.",
                            society=society.short))  # fmt: skip
        if len(names) >= MOST:
            raise Refusal(_("A society keeps at most %(most)d templates.", most=MOST))
        template = cls(
            society=society, name=name, holds=kept(activity, society), saved_at=at, saved_by=by
        )
        session.add(template)
        record(session, "template.saved", by=by, at=at, on=template, society_id=society.id,
               name=name, webinar=activity.id)  # fmt: skip
        return template

    def remove(self, *, by: Person, at: datetime) -> None:
        """Forget it. What was planned with it stays as it is."""
        session = object_session(self)
        assert session is not None
        record(session, "template.removed", by=by, at=at, on=self, society_id=self.society_id,
               name=self.name)  # fmt: skip
        session.delete(self)

    @property
    def starts_with(self) -> dict[str, Any]:
        """What the form of a plan starts with, as its fields take it."""
        return read(self.holds)

    def __str__(self) -> str:
        return self.name


def kept(activity: Activity, lead: Society) -> dict[str, Any]:
    """A webinar without its day and its further sessions, in plain JSON, for one to lead."""
    texts, plan = activity.texts, activity.plan
    return {
        "title": texts.title, "summary": texts.summary, "description": texts.description,
        "speakers": [{**row._asdict(), "part": str(row.part)} for row in texts.speakers],
        "language": texts.language, "level": str(texts.level),
        "audiences": sorted(texts.audiences), "link": texts.link, "captions": texts.captions,
        "outcomes": texts.outcomes, "lead": lead.id,
        "others": [one.id for one in activity.societies if one is not lead],
        "capacity": plan.capacity,
        "start": plan.start and f"{plan.start:%H:%M}", "minutes": plan.minutes, "zone": plan.zone,
    }  # fmt: skip


def read(holds: Mapping[str, Any]) -> dict[str, Any]:
    """What was kept, as a form takes it."""
    start = holds.get("start")
    return {**holds, "start": time.fromisoformat(start) if start else None}
