"""The letter that asks for a declaration: the link to the personal page, and why now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda import emails
from app.agenda.speakers import Speaker


def ask(session: Session, speaker: Speaker, *, by: Person, at: datetime) -> None:
    emails.invite(session, speaker, by=by, at=at, disclosure_due=True)
