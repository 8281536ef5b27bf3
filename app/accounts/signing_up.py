"""From a wish to join to a person with a confirmed address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import EmailAddress, Person, SignUp, new_token, normal, token_digest
from app.errors import Refusal
from app.journal.models import record
from app.texts import gettext as _


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """What someone says of themselves; the password is its digest."""

    name: str
    address: str
    password: str
    profession: str
    country: str
    zone: str
    language: str = "en"


def sign_up(
    session: Session, who: Newcomer, *, at: datetime, intent: str = ""
) -> tuple[SignUp, str]:
    """Write down the wish to join; answer it with the token for its letter.

    When somebody has the address already the wish is theirs at once, and no letter opens it.
    """
    token = new_token()
    wish = SignUp(**_facts(who), address=normal(who.address), intent=intent[:72],
                  token_digest=token_digest(token), asked_at=at)  # fmt: skip
    wish.person = session.scalars(Person.with_address(wish.address)).one_or_none()
    if wish.person is not None:
        wish.password = ""
    session.add(wish)
    record(session, "sign-up.asked", by=None, at=at, on=wish)
    return wish, token


def of_token(session: Session, token: str, *, at: datetime) -> SignUp | None:
    """The sign-up whose letter carries this token, while it is open."""
    wish = session.scalars(
        select(SignUp).where(SignUp.token_digest == token_digest(token)).with_for_update()
    ).one_or_none()
    return wish if wish is not None and wish.is_open(at) else None


def confirm(session: Session, wish: SignUp, *, at: datetime) -> Person:
    """The letter was answered: the wish becomes a person."""
    if not wish.is_open(at):
        raise Refusal(_("This letter has been answered already, or it is too old."))
    person = join(
        session,
        Newcomer(
            name=wish.name, address=wish.address, password=wish.password, country=wish.country,
            profession=wish.profession, zone=wish.zone, language=wish.language,
        ),
        at=at,
    )  # fmt: skip
    wish.person = person
    wish.password = ""
    return person


def join(session: Session, who: Newcomer, *, at: datetime, **facts: bool) -> Person:
    """A person whose address is known to be theirs."""
    address = normal(who.address)
    taken = Refusal(_("This address belongs to an account already. Please sign in instead."))
    if session.scalars(Person.with_address(address)).first():
        raise taken
    person = Person(**_facts(who), password_set_at=at, joined_at=at, **facts)
    person.addresses.append(
        EmailAddress(address=address, added_at=at, confirmed_at=at, is_first=True)
    )
    try:
        with session.begin_nested():
            session.add(person)
            session.flush()
    except IntegrityError as another_was_faster:
        raise taken from another_was_faster
    record(session, "person.joined", by=person, at=at, on=person)
    return person


def _facts(who: Newcomer) -> dict[str, str]:
    return {k: v for k, v in vars(who).items() if k != "address"}
