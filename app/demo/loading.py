"""Loading the demonstration: once, whole or not at all."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import urlsplit

from flask import Flask, current_app
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app import db, jobs
from app.accounts import password
from app.accounts.models import Person
from app.clock import now
from app.credentials.models import Credential, CredentialKind
from app.demo import around, cast, courses, diplomas, founding, programme, webinars
from app.demo.scene import Scene
from app.errors import Refusal
from app.journal.models import Entry, record
from app.sealing.jobs import make_batch
from app.signing_keys.making import make_missing

PASSWORD = "seven lanterns by the harbour"
LOADED = "demonstration.loaded"
SHEETS_AT_ONCE = 60
"""So many sheets are set before the command ends; a worker sets the others."""


def load(say: Callable[[str], None]) -> bool:
    """Build the demonstration; answer whether there was anything to do.

    Everything is one transaction, so that a load that is broken off leaves nothing behind; the
    sheets are set after it, and a second call goes on with those that wait.
    """
    with db.reading() as session:
        loaded = is_loaded(session)
    if not loaded:
        refuse_post(current_app.config["SETTINGS"].smtp_url)
        say("Playing nine months of webinars, courses and diplomas. This takes a minute or two.")
        kept = password.digest(PASSWORD)
        with db.writing() as session:
            refuse_strangers(session)
            with without_collecting():
                play(session, kept, at=now())
            forget_errands(session)
    with db.reading() as session:
        waiting = first_sheets(session)
    if waiting:
        say(f"Typesetting {len(waiting)} diplomas and certificates.")
        typeset_all(waiting)
    jobs.registry.chores["journal.link"].run()
    return not loaded


@contextmanager
def without_collecting() -> Iterator[None]:
    """Looking for garbage among so many new objects would take a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def is_loaded(session: Session) -> bool:
    return bool(session.scalar(select(func.count()).where(Entry.act == LOADED)))


def refuse_post(smtp_url: str | None) -> None:
    """Thousands of letters to invented addresses go to no mail server but one of this machine."""
    host = urlsplit(smtp_url or "").hostname
    if host not in {None, "localhost", "127.0.0.1", "::1"}:
        raise Refusal(
            f"The demonstration writes thousands of letters to people who do not exist, and {host} "
            "would have to send them. Load and serve it without CONFER_SMTP_URL."
        )


def refuse_strangers(session: Session) -> None:
    """The demonstration never mixes with the records of real people."""
    if session.scalar(select(func.count()).select_from(Person)):
        raise Refusal(
            "This database holds people already, and the demonstration wants one of its own. "
            "Set CONFER_VAR (or CONFER_DATABASE_URL) to an empty place."
        )


def play(session: Session, digest: str, *, at: datetime) -> int:
    """Put everything into the script and play it in the order of time."""
    scene = Scene(session=session, now=at, digest=digest)
    founding.found(scene)
    for entry in programme.webinars():
        webinars.stage(scene, entry)
    for entry in programme.courses():
        courses.stage(scene, entry)
    diplomas.stage(scene)
    around.stage(scene)
    acts = scene.script.play()
    make_missing(session, at)
    assert scene.platform is not None
    record(session, LOADED, by=None, at=at, on=scene.platform, acts=acts)
    return acts


def forget_errands(session: Session) -> None:
    """Thousands of rows wait for a worker now; its sweep finds them without being told of each."""
    session.info.pop("after_commit", None)


def first_sheets(session: Session) -> Sequence[int]:
    """What is set at once: diplomas and corrections, then whatever those with a part hold."""
    ready = session.scalar(select(func.count()).where(Credential.file_digest.is_not(None))) or 0
    parts = select(Person.id).where(Person.name.in_(_named()))
    corrected = select(Credential.completion_id).where(Credential.version > 1)
    rank = case(
        (Credential.kind == CredentialKind.DIPLOMA, 0),
        (Credential.completion_id.in_(corrected), 1),
        (Credential.person_id.in_(parts), 2),
        else_=3,
    )
    return session.scalars(
        select(Credential.id)
        .where(Credential.file_digest.is_(None), Credential.failed_at.is_(None))
        .order_by(rank, Credential.id.desc())
        .limit(max(0, SHEETS_AT_ONCE - ready))
    ).all()


def _named() -> list[str]:
    people = founding.newcomers("")
    return [diplomas.CORRECTED_NAME, *(people[n - 1].name for n in cast.REGULARS)]


def typeset_all(keys: Sequence[int]) -> None:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def one(key: int) -> None:
        with app.app_context():
            make_batch(key, most=1)

    with ThreadPoolExecutor(app.config["SETTINGS"].job_threads) as pool:
        list(pool.map(one, keys))
