"""What the command line does with signing keys: the same verbs as the desk, for operators."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import db
from app.clock import now
from app.errors import Refusal
from app.signing_keys import (
    asking,
    certificates,
    doubts,
    emails,
    life,
    making,
    queries,
    words,
)
from app.signing_keys.models import Algorithm, Purpose, SigningKey
from app.signing_keys.signing import new_private
from app.societies.models import Society

P = ParamSpec("P")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("keys")
def keys() -> None:
    """Signing keys of societies, schemes and the platform."""


def _in_words(command: Callable[P, None]) -> Callable[P, None]:
    """A refusal is told in its own words, with exit status 1."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except Refusal as refusal:
            click.echo("\n".join(refusal.reasons), err=True)
            sys.exit(1)

    return told


@keys.command("list")
def listed() -> None:
    """Every key with its owner, how it stands, and its fingerprint."""
    at = now()
    with db.reading() as session:
        for key in session.scalars(queries.whole().order_by(SigningKey.id)).unique():
            _kind, word = words.state(key, at=at)
            ends = f", ends {key.expires_at:%Y-%m-%d}" if key.expires_at else ""
            click.echo(f"{key.purpose}/{key.name}  {words.owner(key)}")
            click.echo(f"    {word}, {key.algorithm}, {key.keeping}{ends}")
            click.echo(f"    {key.fingerprint}")


@keys.command("make")
@click.option("--society", "code", required=True, help="The code of the society.")
@click.option("--token", default="", help="Make it in the token of this label.")
@click.option("--rsa", is_flag=True, help="RSA of 3072 bits instead of ECDSA on P-256.")
@click.option("--waits", is_flag=True, help="Do not put it in force yet.")
@_in_words
def make(code: str, token: str, rsa: bool, waits: bool) -> None:
    """Make a seal, and a key for credentials where there is none."""
    at, algorithm = now(), Algorithm.RSA_3072 if rsa else Algorithm.ECDSA_P256
    if token:
        with db.reading() as session:
            named = making.named_for(_society(session, code))
        made_there = making.place_in_token(token, algorithm, code=code, named=named, at=at)
        with db.writing() as session:
            key = making.make_in_token(
                session, _society(session, code), made_there, by=None, at=at, waits=waits
            )
            click.echo(f"{key.purpose}/{key.name}  {key.fingerprint}")
        return
    made = new_private(algorithm)
    with db.writing() as session:
        key = making.make_with_proof(session, _society(session, code), by=None, at=at, made=made,
                                     algorithm=algorithm, waits=waits)  # fmt: skip
        click.echo(f"{key.purpose}/{key.name}  {key.fingerprint}")


@keys.command("renew")
@click.argument("name")
@_in_words
def renew(name: str) -> None:
    """Put a new key in the place of one for credentials (proof/…) or of the log's (log/…)."""
    with db.writing() as session:
        key = making.make_successor(session, _key(session, name), by=None, at=now())
        click.echo(f"{key.purpose}/{key.name}  {key.fingerprint}")


@keys.command("request")
@click.argument("name")
@_in_words
def request(name: str) -> None:
    """Print the certificate request (PKCS#10, PEM) of a seal."""
    with db.writing() as session:
        key = _key(session, name)
        asking.request(session, key, by=None, at=now())
        click.echo(key.request, nl=False)


@keys.command("import")
@click.argument("name")
@click.argument("file", type=FILE)
@click.option("--qualified", is_flag=True, help="It is a qualified certificate.")
@_in_words
def take_in(name: str, file: Path, qualified: bool) -> None:
    """Take in the certificate of a seal with its chain."""
    found = certificates.read(file.read_bytes())
    with db.writing() as session:
        key = _key(session, name)
        asking.take_in_chain(session, key, found, by=None, at=now(), is_qualified=qualified)
        click.echo(f"{key.name} is vouched for by {words.vouched_by(key)}.")


@keys.command("elsewhere")
@click.argument("file", type=FILE)
@click.option("--society", "code", required=True, help="The code of the society.")
@click.option("--qualified", is_flag=True, help="It is a qualified certificate.")
@_in_words
def elsewhere(file: Path, code: str, qualified: bool) -> None:
    """Enter a seal that the society keeps itself, by its certificate and chain."""
    found = certificates.read(file.read_bytes())
    with db.writing() as session:
        key = making.take_in(session, _society(session, code), found, by=None, at=now(),
                             is_qualified=qualified)  # fmt: skip
        click.echo(f"{key.purpose}/{key.name}  {key.fingerprint}")


@keys.command("force")
@click.argument("name")
@_in_words
def put_in_force(name: str) -> None:
    """Let a key sign from now on; the present one is retired."""
    with db.writing() as session:
        life.put_in_force(session, _key(session, name), by=None, at=now())


@keys.command("retire")
@click.argument("name")
@click.option("--reason", required=True)
@_in_words
def retire(name: str, reason: str) -> None:
    """Let a key sign nothing new; what it signed stands."""
    with db.writing() as session:
        life.retire(session, _key(session, name), by=None, at=now(), reason=reason)


@keys.command("compromise")
@click.argument("name")
@click.option("--since", required=True, help="2026-11-22T07:00+00:00; without a zone it is UTC.")
@click.option("--reason", required=True)
@_in_words
def report(name: str, since: str, reason: str) -> None:
    """Report that somebody else may hold a key; it stops at once."""
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        raise click.BadParameter(f"{since!r} is no moment", param_hint="--since") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    with db.writing() as session:
        key = _key(session, name)
        life.report(session, key, since=moment, by=None, at=now(), reason=reason)
        left = doubts.in_doubt(session, key, since=moment)
        emails.reported(session, key, in_doubt=len(left), at=now())
        click.echo(f"{key.name} signs no longer. In doubt: {len(left)}.")
        for one in left:
            click.echo(f"    {one.name}  {one.at:%Y-%m-%d %H:%M} UTC")


def _society(session: Session, code: str) -> Society:
    found = session.scalars(select(Society).where(Society.code == code)).one_or_none()
    if found is None:
        raise Refusal(f"There is no society with the code {code}.")
    return found


def _key(session: Session, name: str) -> SigningKey:
    """A key as `flask keys list` names it; a name alone means a seal."""
    purpose, _slash, rest = name.rpartition("/")
    known = purpose or str(Purpose.SEAL)
    found = queries.whole().where(SigningKey.name == rest, SigningKey.purpose == known)
    key = session.scalars(found).unique().one_or_none() if known in {*Purpose} else None
    if key is None:
        raise Refusal(f"There is no key {name}; see: flask keys list")
    return key
