"""`flask log …`"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from flask.cli import AppGroup
from sqlalchemy import select

from app import db
from app.credentials import serial as serials
from app.credentials.models import Credential
from app.files import digest_of
from app.transparency import continuity, notes, proofs, queries
from app.transparency.verifying import verify_all

A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MOST_BYTES = 8 << 20
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
@click.argument("files", nargs=-1, required=True, type=A_FILE)
@click.option("--key", "keys", multiple=True, help="The key of the log, PEM.", type=A_FILE)
@click.option("--file", "document", help="The document itself, or its credential.json.",
              type=A_FILE)  # fmt: skip
def check(files: tuple[Path, ...], keys: tuple[Path, ...], document: Path | None) -> None:
    """Check what was kept, by a key that was kept; the database is not asked.

    FILES is the proof that a document stands in the log; or a statement that the log only grew, as
    it is mailed and as the page of the log gives it; or an older head, a newer head and the answer
    of /log/consistency. Without --key, heads are checked by the key that the older one names.
    """
    if len(files) not in {1, 3}:
        raise click.UsageError("Name one file, or an older head, a newer head and a proof.")
    told, known = [_kept(one) for one in files], [_key(one) for one in keys]
    if len(told) == 1 and not (isinstance(told[0], dict) and "from" in told[0]):
        _inclusion(told[0], known, document)
    else:
        _growth(told, known)


def _inclusion(told: object, keys: list[str], document: Path | None) -> None:
    if not keys:
        raise click.ClickException("Name the key of the log with --key: a proof brings none.")
    digest = digest_of(document.read_bytes()) if document else None
    _end(proofs.check(told, log_key=keys, file_digest=digest))
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


def _growth(told: list[Any], keys: list[str]) -> None:
    try:
        whole = told[0] if len(told) == 1 else None
        old, new = (
            continuity.head_of(one)
            for one in ((whole["from"], whole.get("to")) if whole else told[:2])
        )
        path = continuity.path_of(whole or told[2])
    except continuity.NotKept as why:
        raise click.ClickException(str(why)) from None
    if not keys and old.key is None:
        raise click.ClickException(
            "Name the key of the log with --key: this head names none. /log/head "
            "and the trust bundle hold it."
        )
    _end(continuity.check(old, new, path, log_key=keys or [old.key or ""]))
    click.echo(f"The log of {new.head.size} entries continues the one of {old.head.size}: nothing "
               "in it was altered or taken away.")  # fmt: skip
    if not keys:
        click.echo("By the key that the older head names; compare it with one that you kept.")


def _end(reasons: list[str]) -> None:
    for reason in reasons:
        click.echo(reason)
    if reasons:
        sys.exit(1)


def _kept(path: Path) -> Any:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise click.ClickException(f"{path} is too large for a head or a proof.")
        return continuity.read(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise click.ClickException(f"{path} cannot be read as text.") from None
    except continuity.NotKept as why:
        raise click.ClickException(f"{path}: {why}") from None


def _key(path: Path) -> str:
    try:
        text = path.read_text(encoding="ascii")
        load_pem_public_key(text.encode())
    except (OSError, ValueError, UnsupportedAlgorithm):
        raise click.ClickException(f"{path} is no public key in PEM.") from None
    return text
