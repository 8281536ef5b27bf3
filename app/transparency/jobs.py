"""Taking in what is new, signing it, and sending the head to the societies."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import now
from app.jobs import chore
from app.transparency import emails, gathering, heads, mailing, queries
from app.transparency.models import Mailing


def origin() -> str:
    """The name of the log: where it is read, without the scheme."""
    return f"{urlsplit(current_app.config['SETTINGS'].public_url).netloc}/log"


@chore("transparency.take_in")
def take_in() -> None:
    """Append what is new; when another worker was faster, it has done the work."""
    with db.reading() as session:
        if not gathering.is_any_new(session, at=now()):
            return
    try:
        taken = 1
        while taken:
            with db.writing() as session:
                taken = gathering.take_in(session, at=now())
    except IntegrityError:
        return


@chore("transparency.sign")
def sign() -> None:
    sign_at(now())


def sign_at(at: datetime) -> None:
    """Sign a head when one is due; another worker's of the same size is as good."""
    with db.reading() as session:
        last = queries.latest(session)
        has_grown = queries.size_of(session) > (last.size if last else 0)
        if not has_grown or (last is not None and at - last.at < heads.EVERY):
            return
    try:
        with db.writing() as session:
            heads.sign(session, origin=origin(), at=at)
    except IntegrityError:
        return


@chore("transparency.mail")
def mail_heads() -> None:
    mail_at(now())


def mail_at(at: datetime) -> None:
    """Send the head to whom it is due; each society's letters are a transaction of their own."""
    with db.reading() as session:
        head = queries.latest(session)
        due = [one.society.id for one in mailing.due(session, head, at=at)] if head else []
    for society_id in due:
        try:
            with db.writing() as session:
                head = queries.latest(session)
                assert head is not None
                for one in mailing.due(session, head, at=at):
                    if one.society.id == society_id:
                        _send(session, one, at)
        except IntegrityError:
            continue


def _send(session: Session, one: mailing.Due, at: datetime) -> None:
    session.add(Mailing(society_id=one.society.id, on=at.date(), head_size=one.head.size, at=at))
    session.flush()
    emails.send_head(session, one, at=at)
