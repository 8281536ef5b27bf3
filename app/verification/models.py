"""Keys under which employers' programs ask."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, Select, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from app.accounts.models import Person, new_token, token_digest
from app.db import Base

PREFIX = "confer_"


class ApiKey(Base):
    """A key by which a program of an organisation asks about many credentials; only its hash is
    kept."""

    __tablename__ = "api_keys"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    """Who answers for it."""
    organisation: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="")
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    beginning: Mapped[str]
    """Its first letters, by which its holder knows it again."""
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    withdrawn_by: Mapped[Person | None] = relationship(foreign_keys=withdrawn_by_id)

    @classmethod
    def of(cls, person: Person) -> Select[ApiKey]:
        return select(cls).where(cls.person_id == person.id).order_by(cls.id.desc())

    @classmethod
    def all(cls) -> Select[ApiKey]:
        return select(cls).options(joinedload(cls.person)).order_by(cls.id.desc())

    @classmethod
    def living(cls, token: str) -> Select[ApiKey]:
        """The key of a token, unless it was withdrawn."""
        return select(cls).where(
            cls.digest == token_digest(token[:200]), cls.withdrawn_at.is_(None)
        )

    @classmethod
    def new(cls, *, person: Person, organisation: str, purpose: str, at: datetime) -> tuple[
        ApiKey, str
    ]:  # fmt: skip
        """A key and its text, which is known only now."""
        token = PREFIX + new_token()
        key = cls(
            person=person, organisation=organisation, purpose=purpose, made_at=at,
            digest=token_digest(token), beginning=token[: len(PREFIX) + 5], withdrawn_at=None,
        )  # fmt: skip
        return key, token

    @property
    def is_living(self) -> bool:
        return self.withdrawn_at is None

    def __str__(self) -> str:
        return f"{self.beginning}… ({self.organisation})"
