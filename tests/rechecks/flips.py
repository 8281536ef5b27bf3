"""One bit or byte changed in one place, and under which name it must be found."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from flask import current_app
from sqlalchemy import Table, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.credentials.models import Credential, Suspension
from app.open_badges.models import StatusList
from app.signing_keys.models import SigningKey

Row = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """A column of a kind of row, and how whatever is wrong with it is named."""

    table: str
    column: str
    named: Callable[[Session, Row], str]

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"


def serial(part: str, column: str = "credential_id") -> Callable[[Session, Row], str]:
    def name(session: Session, row: Row) -> str:
        return f"{part} {session.get_one(Credential, row[column]).serial}"

    return name


def _reinstated(session: Session, row: Row) -> str:
    suspension = session.get_one(Suspension, row["suspension_id"])
    return f"reinstated {session.get_one(Credential, suspension.credential_id).serial}"


def _list(session: Session, row: Row) -> str:
    one = session.get_one(StatusList, row["id"])
    return f"status list {one.scheme.code}/{one.purpose}/{one.number}"


def _key(session: Session, row: Row) -> str:
    one = session.get_one(SigningKey, row["id"])
    return f"signing key {one.name} ({one.purpose})"


def _key_of(session: Session, row: Row) -> str:
    return _key(session, {"id": row["key_id"]})


def _entry(session: Session, row: Row) -> str:
    from app.journal.models import Link

    link = session.scalars(select(Link).where(Link.entry_id == row["id"])).one()
    return f"journal link {link.position}"


def plain(text: str) -> Callable[[Session, Row], str]:
    return lambda _session, row: text.format(**row)


PLACES = [
    *(Place("credentials", column, lambda s, r: f"credential {r['serial']}")
      for column in ("snapshot", "issued_at", "issued_on", "valid_until", "typeset_at", "version",
                     "file_digest", "file_size", "serial")),
    *(Place("seals", column, serial("seals")) for column in ("position", "at")),
    *(Place("open_badges", column, serial("badge")) for column in ("document", "digest")),
    Place("status_entries", "position", serial("status entry")),
    *(Place("status_lists", column, _list) for column in ("document", "compact")),
    *(Place("revocations", column, serial("withdrawn")) for column in ("at", "on", "reason")),
    *(Place("suspensions", column, serial("suspended")) for column in ("at", "on", "reason")),
    *(Place("reinstatements", column, _reinstated) for column in ("at", "on", "reason")),
    *(Place("supersessions", column, serial("superseded", "old_id"))
      for column in ("at", "on", "reason")),
    *(Place("completions", column, plain("completion {id}"))
      for column in ("at", "seconds", "score")),
    *(Place("award_lists", column, plain("award list {id}"))
      for column in ("content", "digest", "title", "version", "frozen_at")),
    *(Place("approvals", column, plain("award list {list_id}")) for column in ("at", "digest")),
    *(Place("releases", column, plain("award list {list_id}"))
      for column in ("at", "on", "digest")),
    *(Place("awards", column, plain("award {id}")) for column in ("holder_name", "evidence")),
    *(Place("document_timestamps", column, serial("timestamped"))
      for column in ("at", "authority", "valid_until", "file_digest", "file_size")),
    *(Place("signing_keys", column, _key)
      for column in ("public_key", "in_force_at", "certificates", "expires_at", "is_qualified",
                     "name")),
    *(Place(table, column, _key_of)
      for table, column in (("key_retirements", "at"), ("key_compromises", "at"),
                            ("key_compromises", "since"), ("key_certifications", "certificates"),
                            ("key_certifications", "is_qualified"), ("key_certifications", "at"),
                            ("key_confirmations", "at"), ("key_confirmations", "address"))),
    *(Place("endorsements", column, plain("endorsement {id}"))
      for column in ("document", "comment", "at", "withdrawn_at", "withdrawn_reason")),
    *(Place("log_leaves", column, plain("log leaf {position}"))
      for column in ("content", "hash", "salt", "source")),
    Place("log_nodes", "hash", plain("log node {level}/{number}")),
    *(Place("log_heads", column, plain("log head {size}"))
      for column in ("root", "at", "origin", "signature")),
    *(Place("log_countersignatures", column, plain("log countersignature {id}"))
      for column in ("at", "signed_at", "signature")),
    *(Place("journal_entries", column, _entry)
      for column in ("at", "act", "actor_name", "subject_kind", "subject_name", "details",
                     "origin", "route")),
    Place("journal_links", "digest", plain("journal link {position}")),
]  # fmt: skip
"""Files are beside them: see `in_a_file`."""


FILES = Place("files", "content", plain(""))
LONE = {
    *("signing_keys", "key_retirements", "key_compromises", "key_certifications"),
    *("key_confirmations", "log_leaves", "award_lists", "approvals", "releases"),
}
"""What others are judged by: where it is wrong itself, of those nothing more is said."""


def groups(chance: random.Random, count: int, most: int) -> Iterator[list[tuple[Place, int]]]:
    """So many places in all, those that can be judged at once in one group."""
    group: list[tuple[Place, int]] = []
    for place, seed in islice(places(chance), count):
        if place.table in LONE:
            yield [(place, seed)]
            continue
        if len(group) == most or place.table in {one.table for one, _seed in group}:
            yield group
            group = []
        group.append((place, seed))
    yield group


def places(chance: random.Random) -> Iterator[tuple[Place, int]]:
    """Places in turn, a file at every tenth, each with what decides about its row and its bit."""
    while True:
        shuffled = chance.sample(PLACES, len(PLACES))
        for n, place in enumerate(shuffled):
            if n % 9 == 0:
                yield FILES, chance.getrandbits(32)
            yield place, chance.getrandbits(32)


@contextmanager
def flip(session: Session, place: Place, seed: int) -> Iterator[str]:
    """Flip a bit there for a while; answer the name under which it must be found."""
    chance = random.Random(seed)
    how = in_a_file(session, chance) if place is FILES else in_a_row(session, place, chance)
    with how as name:
        yield name


@contextmanager
def in_a_row(session: Session, place: Place, chance: random.Random) -> Iterator[str]:
    """Change one value of one row, for a while."""
    table = db.Base.metadata.tables[place.table]
    rows = [dict(r._mapping) for r in session.execute(select(table)) if _has(r, place.column)]
    assert rows, f"the world has no {place}"
    while True:
        row = chance.choice(rows)
        value = flipped(row[place.column], chance)
        savepoint = session.begin_nested()
        try:
            session.execute(update(table).where(*_is(table, row)).values({place.column: value}))
            break
        except IntegrityError:  # the database refuses two of the same itself
            savepoint.rollback()
    session.expire_all()
    yield place.named(session, {**row, place.column: value})
    savepoint.rollback()
    session.expire_all()


@contextmanager
def in_a_file(session: Session, chance: random.Random) -> Iterator[str]:
    """Change one bit of a stored file, for a while."""
    digests = session.scalars(
        select(Credential.file_digest).where(Credential.file_digest.is_not(None))
    ).all()
    place = current_app.extensions["files"]._path
    digest = chance.choice([one for one in digests if one and place(one).exists()])
    path = place(digest)
    content = path.read_bytes()
    path.write_bytes(flipped(content, chance))
    yield f"file {digest}"
    path.write_bytes(content)


def flipped(value: Any, chance: random.Random) -> Any:
    """The same but for one bit, one letter, or the least of a moment."""
    match value:
        case bytes():
            n = chance.randrange(len(value))
            return value[:n] + bytes([value[n] ^ (1 << chance.randrange(8))]) + value[n + 1 :]
        case str():
            n = chance.randrange(len(value)) if value else 0
            other = chance.choice([c for c in "abcdef0123456789" if c != value[n : n + 1]])
            return value[:n] + other + value[n + 1 :]
        case bool():
            return not value
        case int():
            return value ^ (1 << chance.randrange(4))
        case datetime():
            return value + timedelta(microseconds=1 << chance.randrange(20))
        case date():
            return value + timedelta(days=1 << chance.randrange(4))
        case dict():
            name = chance.choice([n for n, inner in value.items() if _may(inner)])
            return {**value, name: flipped(value[name], chance)}
        case list():
            n = chance.choice([n for n, inner in enumerate(value) if _may(inner)])
            return [*value[:n], flipped(value[n], chance), *value[n + 1 :]]
    raise AssertionError(f"no bit of {value!r} can be flipped")


def _may(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_may, value.values()))
    if isinstance(value, list):
        return any(map(_may, value))
    return value is not None


def _has(row: Any, column: str) -> bool:
    return _may(row._mapping[column])


def _is(table: Table, row: Row) -> list[Any]:
    return [column == row[column.name] for column in table.primary_key]
