"""Choosing another password: by the one before, or by a letter that opens the door once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.models import RESET_LIFE, PasswordReset, Person, new_token, token_digest
from app.accounts.models import Session as SignedIn
from app.accounts.sessions import end_all
from app.errors import Refusal
from app.journal.models import record
from app.texts import gettext as _


def ask(session: Session, person: Person, *, at: datetime) -> str:
    """Make a letter's token that lets its reader choose a new password, once, within an hour."""
    token = new_token()
    reset = PasswordReset(person=person, token_digest=token_digest(token), asked_at=at)
    session.add(reset)
    record(session, "password-reset.asked", by=None, at=at, on=person)
    return token


def of_token(session: Session, token: str, *, at: datetime) -> PasswordReset | None:
    """The reset whose letter carries this token, while it is open."""
    reset = session.scalars(
        select(PasswordReset).where(PasswordReset.token_digest == token_digest(token))
    ).one_or_none()
    return reset if reset is not None and reset.is_open(at) else None


def use(session: Session, reset: PasswordReset, *, password: str, at: datetime) -> Person:
    """Set the password (its digest) by a letter; of many uses at once, one is the first."""
    first = session.execute(
        update(PasswordReset)
        .where(
            PasswordReset.id == reset.id,
            PasswordReset.used_at.is_(None),
            PasswordReset.asked_at > at - RESET_LIFE,
        )
        .values(used_at=at)
        .returning(PasswordReset.id)
    ).one_or_none()
    if first is None:
        raise Refusal(_("This letter has been used already, or it is too old."))
    change(session, reset.person, password=password, at=at)
    return reset.person


def change(
    session: Session, person: Person, *, password: str, at: datetime, keep: SignedIn | None = None
) -> None:
    """Set the password (its digest). Every other session ends, and every letter is void."""
    person.password, person.password_set_at = password, at
    session.execute(
        update(PasswordReset)
        .where(PasswordReset.person_id == person.id, PasswordReset.used_at.is_(None))
        .values(used_at=at)
    )
    record(session, "password.changed", by=person, at=at, on=person)
    end_all(session, person, by=person, at=at, keep=keep)
