"""What the command line does with accounts of platforms."""

from __future__ import annotations

import click
from sqlalchemy import select

from app import db
from app.meetings.accounts import PlatformAccount


@click.group("platforms")
def platforms() -> None:
    """Accounts with meeting platforms."""


@platforms.command("reseal")
def reseal() -> None:
    """Seal every account's credentials with the newest key; then an older one may go."""
    with db.writing() as session:
        accounts = session.scalars(select(PlatformAccount)).all()
        anew = sum(account.reseal() for account in accounts)
    click.echo(f"{anew} of {len(accounts)} accounts were sealed anew.")
