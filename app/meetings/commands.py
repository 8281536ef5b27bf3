"""What the command line does with accounts of platforms."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
from sqlalchemy import select

from app import db
from app.meetings.accounts import PlatformAccount
from app.meetings.models import JoinLink
from app.sealed import ANEW, CannotOpen

BATCH = 500


@click.group("platforms")
def platforms() -> None:
    """Accounts with meeting platforms."""


@platforms.command("reseal")
def reseal() -> None:
    """Seal whatever is kept sealed with the newest key; then an older one may go."""
    with db.writing() as session:
        accounts = session.scalars(select(PlatformAccount)).all()
        anew, shut = _sealed_anew(accounts)
    others = {}
    for name, reseal_all in ANEW.items():
        with db.writing() as session:
            others[name], closed = reseal_all(session)
        shut += closed
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
            done, closed = _sealed_anew(batch)
            links, shut = links + done, shut + closed
            after = batch[-1].enrolment_id
    click.echo(f"{anew} of {len(accounts)} accounts and {links} links were sealed anew.")
    for name, done in others.items():
        click.echo(f"{done} {name} were sealed anew.")
    if shut:
        click.echo(f"{shut} open with no key that is set, and stay as they are.", err=True)
        sys.exit(1)


def _sealed_anew(ones: Sequence[PlatformAccount] | Sequence[JoinLink]) -> tuple[int, int]:
    """How many were sealed anew, and how many no key opens."""
    anew = shut = 0
    for one in ones:
        try:
            anew += one.reseal()
        except CannotOpen:
            shut += 1
    return anew, shut
