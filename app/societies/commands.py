"""`flask accounts administrator`: the mandate from which all others come.

It hangs with the accounts, where people look for it, and lives here, where mandates are known.
"""

from __future__ import annotations

import sys

import click
from sqlalchemy.orm import Session

from app import db
from app.accounts import password, resets, signing_up
from app.accounts.commands import accounts
from app.accounts.forms import OWN_WORDS, ascii_address
from app.accounts.models import Person
from app.accounts.password import UNUSABLE
from app.addresses import external_url
from app.clock import now
from app.errors import Refusal
from app.societies.models import Mandate, Office


@accounts.command("administrator")
@click.argument("address")
@click.option("--name", default="", help="The name of a person who has no account yet.")
def administrator(address: str, name: str) -> None:
    """Make the person with this address a platform administrator."""
    address = ascii_address(address)
    if address.count("@") != 1 or any(c.isspace() for c in address):
        raise click.BadParameter(f"{address!r} is not an e-mail address", param_hint="ADDRESS")
    with db.reading() as session:
        known = session.scalars(Person.with_address(address)).one_or_none()
    if known is None and not name and sys.stdin.isatty():
        name = click.prompt("Name, as it shall be printed")
    if known is None and not name.strip():
        raise click.UsageError("No account has this address. Name its person: --name 'Ida Nyström'")
    kept = _asked(name, address) if known is None and sys.stdin.isatty() else UNUSABLE
    with db.writing() as session:
        person, link = _person(session, address, name.strip(), kept)
        try:
            _appoint(session, person)
        except Refusal as refusal:
            click.echo(str(refusal))
    if link:
        click.echo(f"{person.name} chooses a password here, once, within an hour:\n  {link}")


def _person(session: Session, address: str, name: str, kept: str) -> tuple[Person, str]:
    """The person with the address, made if need be, and the link by which to choose a password."""
    at = now()
    person = session.scalars(Person.with_address(address)).one_or_none()
    if person is None:
        newcomer = signing_up.Newcomer(
            name=name, address=address, password=kept, profession="other", country="",
            zone="Europe/Vienna",
        )  # fmt: skip
        person = signing_up.join(session, newcomer, at=at)
    if person.password != UNUSABLE:
        return person, ""
    token = resets.ask(session, person, at=at)
    return person, external_url("accounts.choose_password", token=token)


def _appoint(session: Session, person: Person) -> None:
    Mandate.give(
        session, person, Office.PLATFORM_ADMINISTRATOR, society=None, from_on=now().date(),
        until_on=None, by=None, at=now(),
    )  # fmt: skip
    click.echo(f"{person.name} is a platform administrator.")


def _asked(name: str, address: str) -> str:
    """The digest of a password that is typed twice; an empty one leaves it to a link."""
    while True:
        typed = click.prompt(
            "Password (empty: print a link to choose one)", default="", hide_input=True,
            confirmation_prompt=True, show_default=False,
        )  # fmt: skip
        if not typed:
            return UNUSABLE
        found = password.obstacles(typed, [name, address, *OWN_WORDS])
        if not found:
            return password.digest(typed)
        click.echo(" ".join(found))
