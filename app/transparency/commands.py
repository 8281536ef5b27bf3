"""`flask log …`"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app import db
from app.credentials import serial as serials
from app.credentials.models import Credential
from app.files import digest_of
from app.transparency import notes, proofs, queries
from app.transparency.verifying import verify_all

log = AppGroup("log", help="The log of everything issued, altered and withdrawn.")


@log.command("head")
@click.option("--size", type=int, help="An earlier head instead of the latest.")
def head(size: int | None) -> None:
    """Print a head with its signatures, as it is mailed and archived."""
    with db.reading() as session:
        found = queries.head(session, size) if size else queries.latest(session)
        if found is None:
            raise click.ClickException("There is no such head.")
        click.echo(notes.note_of(found), nl=False)


@log.command("verify")
def verify() -> None:
    """Read the whole log again; name everything that does not hold."""
    with db.reading() as session:
        wrong = list(verify_all(session))
        size, latest = queries.size_of(session), queries.latest(session)
    for one in wrong:
        click.echo(f"{one.kind} {one.name}: {one.reason}")
    if not wrong:
        click.echo(f"The log holds: {size} entries, signed up to {latest.size if latest else 0}.")
    sys.exit(1 if wrong else 0)


@log.command("proof")
@click.argument("serial")
def proof(serial: str) -> None:
    """Print the proof that a document stands in the log."""
    with db.reading() as session:
        number = serials.read(serial)
        found = session.scalars(select(Credential).where(Credential.serial == number)).one_or_none()
        told = queries.inclusion(session, found) if found else None
    if told is None:
        raise click.ClickException("The log has no entry for this serial.")
    click.echo(json.dumps(told, indent=1, ensure_ascii=False))


@log.command("consistency")
@click.argument("old", type=int)
@click.argument("new", type=int)
def consistency(old: int, new: int) -> None:
    """Print the proof that the log of one size continues that of another."""
    with db.reading() as session:
        if not 0 < old <= new <= queries.size_of(session):
            raise click.ClickException("The log has no such sizes.")
        path = queries.consistency(session, old, new)
    click.echo(json.dumps({"from": old, "to": new, "path": [step.hex() for step in path]}))


@log.command("check")
@click.argument("proof", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", "keys", multiple=True, required=True, help="The key of the log, PEM.",
              type=click.Path(exists=True, dir_okay=False, path_type=Path))  # fmt: skip
@click.option("--file", "document", help="The document itself, or its credential.json.",
              type=click.Path(exists=True, dir_okay=False, path_type=Path))  # fmt: skip
def check(proof: Path, keys: tuple[Path, ...], document: Path | None) -> None:
    """Check a proof that was kept, by a key that was kept; the database is not asked."""
    digest = digest_of(document.read_bytes()) if document else None
    told = json.loads(proof.read_text())
    reasons = proofs.check(told, log_key=[key.read_text() for key in keys], file_digest=digest)
    for reason in reasons:
        click.echo(reason)
    if not reasons:
        acts = ", ".join(f"{act['act']} ({act['at'][:10]})" for act in proofs.acts(told))
        click.echo(f"The log holds it: {acts}.")
        words = proofs.countersigned(told)
        for word in words:
            click.echo(
                f"Countersigned on {word.at:%d %B %Y} by {word.name}, with the key in the proof."
            )
        if not words:
            click.echo(
                "No society has countersigned it: that there is no other log beside this "
                "one is the platform's word alone."
            )
    sys.exit(1 if reasons else 0)
