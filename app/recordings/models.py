"""The recording of a webinar, and the course that it became."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.agenda.models import Activity
from app.db import Base


class Recording(Base):
    """A webinar's recording and its course: each webinar has one at most, and each course."""

    __tablename__ = "recordings"
    webinar_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), unique=True)
    address: Mapped[str]
    """Where it is kept, as it was entered."""
    expires_on: Mapped[date]
    """The last day to start it, as it was published; its course may say another by now."""
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]

    webinar: Mapped[Activity] = relationship(foreign_keys=webinar_id)
    course: Mapped[Activity] = relationship(foreign_keys=course_id)
    by: Mapped[Person] = relationship()

    def __str__(self) -> str:
        return self.course.title
