"""The addresses of a person: added, confirmed by letter, made first, removed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import (
    SIGN_UP_LIFE,
    EmailAddress,
    Person,
    new_token,
    normal,
    token_digest,
)
from app.db import hold
from app.errors import Refusal
from app.journal.models import record
from app.texts import gettext as _

MOST = 8


def of(person: Person) -> Select[EmailAddress]:
    """A person's addresses, the first one first."""
    return (
        select(EmailAddress)
        .where(EmailAddress.person_id == person.id)
        .order_by(EmailAddress.is_first.desc(), EmailAddress.id)
    )


def is_taken(session: Session, address: str, *, by_other_than: Person) -> bool:
    holder = session.scalars(Person.with_address(address)).first()
    return holder is not None and holder.id != by_other_than.id


def add(
    session: Session, person: Person, address: str, *, at: datetime
) -> tuple[EmailAddress, str]:
    """Add an address that is to be confirmed; answer it with the token for its letter.

    Adding one that waits for its confirmation already makes a new letter.
    """
    held = {a.address: a for a in session.scalars(of(person))}
    one = held.get(normal(address))
    if one is not None and one.is_confirmed:
        raise Refusal(_("This address is yours already."))
    if one is None and len(held) >= MOST:
        raise Refusal(_("You have %(most)s addresses already. Please remove one first.", most=MOST))
    if one is None:
        one = EmailAddress(person_id=person.id, address=normal(address))
        session.add(one)
    token = new_token()
    one.added_at, one.token_digest = at, token_digest(token)
    record(session, "address.added", by=person, at=at, on=one)
    return one, token


def of_token(session: Session, person: Person, token: str, *, at: datetime) -> EmailAddress | None:
    """The person's own address whose letter carries this token, while it is open."""
    return session.scalars(
        of(person).where(
            EmailAddress.token_digest == token_digest(token),
            EmailAddress.confirmed_at.is_(None),
            EmailAddress.added_at > at - SIGN_UP_LIFE,
        )
    ).one_or_none()


def confirm(session: Session, address: EmailAddress, *, by: Person, at: datetime) -> None:
    """The letter was answered: the address is the person's."""
    try:
        with session.begin_nested():
            address.confirmed_at, address.token_digest = at, None
            session.flush()
    except IntegrityError as another_was_faster:
        raise Refusal(_("This address belongs to another account.")) from another_was_faster
    record(session, "address.confirmed", by=by, at=at, on=address)


def make_first(session: Session, address: EmailAddress, *, by: Person, at: datetime) -> None:
    """From now on letters go to this address."""
    if not address.is_confirmed:
        raise Refusal(_("Please confirm this address first: its letter is on its way."))
    if address.is_first:
        return
    for other in session.scalars(of(by)):
        other.is_first = other.id == address.id
    record(session, "address.made-first", by=by, at=at, on=address)


def remove(session: Session, address: EmailAddress, *, by: Person, at: datetime) -> None:
    """Give up an address; the last confirmed one stays."""
    hold(session, select(Person.id).where(Person.id == by.id))
    fresh = of(by).execution_options(populate_existing=True)
    rest = [a for a in session.scalars(fresh) if a.id != address.id]
    confirmed = [a for a in rest if a.is_confirmed]
    if address.is_confirmed and not confirmed:
        raise Refusal(_("This is your only confirmed address. Please confirm another one first."))
    record(session, "address.removed", by=by, at=at, on=address)
    if address.is_first and confirmed:
        confirmed[0].is_first = True
    session.delete(address)
