"""What the command line does with accounts of platforms."""

from __future__ import annotations

import click
from sqlalchemy import select

from app import db
from app.meetings.accounts import PlatformAccount
from app.meetings.models import JoinLink

BATCH = 500


@click.group("platforms")
def platforms() -> None:
    """Accounts with meeting platforms."""


@platforms.command("reseal")
def reseal() -> None:
    """Seal all credentials and links with the newest key; then an older one may go."""
    with db.writing() as session:
        accounts = session.scalars(select(PlatformAccount)).all()
        anew = sum(account.reseal() for account in accounts)
    links = after = 0
    while True:
        with db.writing() as session:
            batch = session.scalars(
                select(JoinLink)
                .where(JoinLink.enrolment_id > after)
                .order_by(JoinLink.enrolment_id)
                .limit(BATCH)
            ).all()
            if not batch:
                break
            links += sum(link.reseal() for link in batch)
            after = batch[-1].enrolment_id
    click.echo(f"{anew} of {len(accounts)} accounts and {links} links were sealed anew.")
