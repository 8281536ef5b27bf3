"""People, their addresses, their sessions, and the letters that open a door once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, Select, bindparam, select, text
from sqlalchemy.orm import Mapped, joinedload, mapped_column, object_session, relationship

from app.db import Base
from app.journal.models import record

SESSION_IDLE = timedelta(days=14)
SESSION_LIFE = timedelta(days=90)
SEEN_EVERY = timedelta(minutes=5)
RESET_LIFE = timedelta(hours=1)
SIGN_UP_LIFE = timedelta(days=2)


class Profession(StrEnum):
    """The audiences named by the societies."""

    RADIOLOGIST = "radiologist"
    RADIOGRAPHER = "radiographer"
    CLINICIAN = "clinician"
    ENGINEER = "engineer"
    COMPUTER_SCIENTIST = "computer scientist"
    DATA_SCIENTIST = "data scientist"
    IMAGING_INFORMATICS = "imaging informatics professional"
    INDUSTRY = "industry"
    MANAGER = "manager"
    POLICY_MAKER = "policy maker"
    RADIOLOGY_TRAINEE = "radiology trainee"
    ENGINEERING_TRAINEE = "engineering trainee"
    COMPUTER_SCIENCE_TRAINEE = "computer science trainee"
    OTHER = "other"


def new_token() -> str:
    """256 random bits for a link or a cookie; only its digest is stored."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


class Person(Base):
    """Someone with at least one confirmed address. The name is as it shall be printed."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    profession: Mapped[str] = mapped_column(default=Profession.OTHER)
    country: Mapped[str] = mapped_column(default="")
    zone: Mapped[str] = mapped_column(default="Europe/Vienna")
    language: Mapped[str] = mapped_column(default="en")
    password: Mapped[str]
    password_set_at: Mapped[datetime]
    joined_at: Mapped[datetime]
    is_sample: Mapped[bool] = mapped_column(default=False)

    addresses: Mapped[list[EmailAddress]] = relationship(
        back_populates="person", order_by="EmailAddress.id"
    )

    @classmethod
    def with_address(cls, address: str) -> Select[Person]:
        return (
            select(cls)
            .join(EmailAddress)
            .where(EmailAddress.address == normal(address), EmailAddress.confirmed_at.is_not(None))
        )

    @property
    def address(self) -> str:
        """Where mail goes: the confirmed address marked as first."""
        confirmed = [a for a in self.addresses if a.is_confirmed]
        return min(confirmed, key=lambda a: (not a.is_first, a.id)).address

    def change(
        self, *, name: str, profession: str, country: str, zone: str, language: str, at: datetime
    ) -> None:
        """Say something else about oneself. What was issued keeps the name it was issued to."""
        facts = {
            "name": name,
            "profession": profession,
            "country": country,
            "zone": zone,
            "language": language,
        }
        changed: dict[str, Any] = {
            k: [getattr(self, k), v] for k, v in facts.items() if getattr(self, k) != v
        }
        if not changed:
            return
        session = object_session(self)
        assert session is not None
        for key, (_before, after) in changed.items():
            setattr(self, key, after)
        record(session, "person.changed", by=self, at=at, on=self, changed=changed)

    def __str__(self) -> str:
        return self.name


def normal(address: str) -> str:
    """An address as it is compared: without white space, in lower case."""
    return address.strip().lower()


class EmailAddress(Base):
    """An address of a person; two people never hold the same confirmed one."""

    __tablename__ = "email_addresses"
    __table_args__ = (
        Index(
            "uq_email_addresses_confirmed",
            "address",
            unique=True,
            sqlite_where=text("confirmed_at IS NOT NULL"),
            postgresql_where=text("confirmed_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    address: Mapped[str] = mapped_column(index=True)
    added_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    is_first: Mapped[bool] = mapped_column(default=False)
    token_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)

    person: Mapped[Person] = relationship(back_populates="addresses")

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    def __str__(self) -> str:
        return self.address


class SignUp(Base):
    """A wish to join that waits for its letter to be answered; it becomes a person."""

    __tablename__ = "sign_ups"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    password: Mapped[str]
    profession: Mapped[str]
    country: Mapped[str]
    zone: Mapped[str]
    language: Mapped[str]
    intent: Mapped[str] = mapped_column(default="")
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    asked_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    person: Mapped[Person | None] = relationship()

    def is_open(self, at: datetime) -> bool:
        return self.person is None and at < self.asked_at + SIGN_UP_LIFE

    def __str__(self) -> str:
        return self.address


class PasswordReset(Base):
    """A letter that lets its reader choose a new password, once, within an hour."""

    __tablename__ = "password_resets"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    asked_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()

    def is_open(self, at: datetime) -> bool:
        return self.used_at is None and at < self.asked_at + RESET_LIFE


class Session(Base):
    """A browser in which a person is signed in. Flask-Login's "user" is this row."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    browser: Mapped[str]
    origin: Mapped[str]

    person: Mapped[Person] = relationship()

    is_authenticated = True
    is_active = True
    is_anonymous = False
    token = ""

    @classmethod
    def start(cls, person: Person, *, at: datetime, browser: str, origin: str) -> Session:
        """A new session; its token is known only now, to be put in the cookie."""
        token = new_token()
        session = cls(
            person=person,
            token_digest=token_digest(token),
            started_at=at,
            seen_at=at,
            browser=browser[:200],
            origin=origin,
        )
        session.token = token
        return session

    @classmethod
    def living(cls) -> Select[Session]:
        """The session of a token, unless it has ended, idled or aged out; filled by `sought`."""
        return (
            select(cls)
            .where(
                cls.token_digest == bindparam("digest"),
                cls.ended_at.is_(None),
                cls.seen_at > bindparam("not_idle_since"),
                cls.started_at > bindparam("begun_after"),
            )
            .options(joinedload(cls.person, innerjoin=True))
        )

    @staticmethod
    def sought(token: str, *, at: datetime) -> dict[str, Any]:
        """What fills in `living`."""
        return {
            "digest": token_digest(token),
            "not_idle_since": at - SESSION_IDLE,
            "begun_after": at - SESSION_LIFE,
        }

    @classmethod
    def of(cls, person: Person, *, at: datetime) -> Select[Session]:
        return (
            select(cls)
            .where(cls.person == person, cls.ended_at.is_(None), cls.seen_at > at - SESSION_IDLE)
            .order_by(cls.seen_at.desc())
        )

    def get_id(self) -> str:
        return self.token

    def end(self, *, at: datetime) -> None:
        self.ended_at = self.ended_at or at
