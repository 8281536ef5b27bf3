"""`flask journal …`"""

import sys

import click
from flask.cli import AppGroup

from app import db
from app.journal.queries import verify

journal = AppGroup("journal", help="The log of acts.")


@journal.command("verify")
def verify_chain() -> None:
    """Prove the hash chain; name the first broken entry."""
    with db.reading() as session:
        links, waiting, broken = verify(session)
    if broken:
        entry = f"entry {broken.entry_id}" if broken.entry_id else "no entry"
        click.echo(f"The chain breaks at link {broken.position} ({entry}): {broken.reason}.")
        sys.exit(1)
    click.echo(f"The chain holds: {links} links, {waiting} entries waiting to be linked.")
