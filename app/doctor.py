"""`flask doctor`: does this deployment have what it needs?"""

from __future__ import annotations

import ctypes.util
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask import current_app
from sqlalchemy import text

from app import db, hardware, jobs, mail, migrating, sealed
from app.clock import now
from app.files import files
from app.journal.queries import verify
from app.rechecks.queries import standing
from app.sealing import renewing
from app.signing_keys import queries

WORKER_SILENCE = timedelta(minutes=2)
WAITING_TOO_LONG = timedelta(minutes=15)
SOON = timedelta(days=90)
"""A key that ends within so many days is told of."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `level` is "good", "warn" or "bad"."""

    check: str
    level: str
    says: str


def examine() -> Iterator[Finding]:
    """Look at everything, one thing after the other; a check that fails itself is a finding."""
    checks: list[Callable[[], Finding]] = [
        _database,
        _migrations,
        _sqlite,
        _pango,
        _harfbuzz,
        _typefaces,
        _worker,
        _waiting,
        _mail,
        _storage,
        _clock,
        _secret,
        _sealed,
        _rechecks,
        _time_stamps,
        _renewals,
        _signing_keys,
        _tokens,
        _address,
    ]
    for check in checks:
        try:
            yield check()
        except Exception as error:
            yield Finding(
                check.__name__.strip("_").replace("_", " "),
                "bad",
                f"{type(error).__name__}: {error}",
            )


def _database() -> Finding:
    with db.reading() as session:
        session.execute(text("select 1"))
        return Finding("database", "good", f"reachable ({session.get_bind().dialect.name})")


def _migrations() -> Finding:
    return (
        Finding("migrations", "good", "at the latest revision")
        if migrating.is_current()
        else Finding(
            "migrations", "bad", "not at the latest revision; run: flask --app wsgi db upgrade"
        )
    )


def _sqlite() -> Finding:
    if db.db.engine.dialect.name != "sqlite":
        return Finding("sqlite", "good", "not used")
    version = db.SQLITE_VERSION
    with db.reading() as session:
        mode = session.execute(text("PRAGMA journal_mode")).scalar_one()
    if mode == "wal" and not db.wal_is_safe(version):
        return Finding("sqlite", "bad", f"{version} writes its log ahead and has the WAL-reset bug")
    if mode == "wal":
        return Finding("sqlite", "good", f"{version}, write-ahead log in use")
    return Finding(
        "sqlite",
        "warn",
        f"{version} has the WAL-reset bug, so the slower rollback journal is used; "
        "3.51.3 or later is faster",
    )


def _pango() -> Finding:
    found = ctypes.util.find_library("pango-1.0") and ctypes.util.find_library("pangoft2-1.0")
    return Finding(
        "pango", "good" if found else "bad", "present" if found else "missing; sheets cannot be set"
    )


def _harfbuzz() -> Finding:
    found = ctypes.util.find_library("harfbuzz-subset")
    says = (
        "present" if found else "libharfbuzz-subset is missing; sheets are set several times slower"
    )
    return Finding("harfbuzz-subset", "good" if found else "warn", says)


def _typefaces() -> Finding:
    faces = [
        p for p in (Path(__file__).parent / "typefaces").rglob("*") if p.suffix in {".ttf", ".otf"}
    ]
    return Finding(
        "typefaces", "good" if len(faces) >= 8 else "bad", f"{len(faces)} ship with the application"
    )


def _worker() -> Finding:
    with db.reading() as session:
        last = jobs.last_heartbeat(session)
    if last is None:
        return Finding("worker", "bad", "no worker has ever run; start: flask --app wsgi worker")
    silent = now() - last > WORKER_SILENCE
    return Finding(
        "worker",
        "bad" if silent else "good",
        f"last sign of life {last.isoformat(timespec='seconds')}",
    )


def _waiting() -> Finding:
    with db.reading() as session:
        since = {name: at for name, at in jobs.oldest_waiting(session).items() if at is not None}
    if current_app.config["SETTINGS"].smtp_url is None:
        since.pop("outbox.deliver", None)
    late = {n: at for n, at in since.items() if now() - at > WAITING_TOO_LONG}
    if late:
        shown = ", ".join(f"{n} since {at.isoformat(timespec='seconds')}" for n, at in late.items())
        return Finding("oldest pending work", "bad", shown)
    return Finding("oldest pending work", "good", f"{len(since)} kinds wait, none for long")


def _mail() -> Finding:
    url = current_app.config["SETTINGS"].smtp_url
    if url is None:
        return Finding(
            "mail", "warn", "CONFER_SMTP_URL is not set: mail is kept in the outbox and not sent"
        )
    with mail.connect(url, timeout=5) as server:
        return Finding("mail", "good", f"{urlsplit(url).hostname} answers {server.noop()[0]}")


def _storage() -> Finding:
    ok = files.is_writable()
    return Finding(
        "storage", "good" if ok else "bad", "writable" if ok else "files cannot be written"
    )


def _clock() -> Finding:
    with db.reading() as session:
        if session.get_bind().dialect.name == "sqlite":
            return Finding(
                "clock",
                "good" if now().year >= 2026 else "bad",
                now().isoformat(timespec="seconds"),
            )
        theirs: datetime = session.execute(text("select now()")).scalar_one().astimezone(UTC)
    apart = abs((now() - theirs).total_seconds())
    return Finding(
        "clock", "good" if apart < 5 else "bad", f"{apart:.1f} s apart from the database's"
    )


def _secret() -> Finding:
    secret = current_app.config["SETTINGS"].secret_key
    strong = len(secret) >= 32 and len(set(secret)) >= 10
    return Finding(
        "secret",
        "good" if strong else "bad",
        "strong" if strong else "weak: use 32 random characters or more",
    )


def _sealed() -> Finding:
    """Whether what is sealed at rest opens with the keys that are set."""
    probe = sealed.seal("probe", "doctor")
    with db.reading() as session:
        total, shut = sealed.count(session)
    if sealed.unseal(probe, "doctor") != "probe" or shut:
        says = f"{shut} of {total} sealed texts open with no key; set the one that sealed them"
        return Finding("seal", "bad", says)
    key = sealed.keys()[0].id
    return Finding("seal", "good", f"{total} sealed texts open; key {key} seals")


def _rechecks() -> Finding:
    """Whether what was issued is still read again, and is what the register says."""
    with db.reading() as session:
        found = standing(session, at=now())
    if found.stopped or found.open:
        says = found.stopped or f"{found.open} findings are open; see /desk/rechecks"
        return Finding("rechecks", "bad", says)
    ended = found.ended_at.isoformat(timespec="seconds") if found.ended_at else "none yet"
    return Finding("rechecks", "good", f"last round {ended}, {found.checked} read again")


def _time_stamps() -> Finding:
    """At which level diplomas are sealed, and whose clock vouches for when."""
    settings = current_app.config["SETTINGS"]
    level, urls = settings.seal_level, settings.timestamp_urls
    if level == "B-B":
        says = "diplomas are sealed at B-B, without a time stamp; set CONFER_TIMESTAMP_URL"
        return Finding("time stamps", "warn", says)
    if "local" in urls:
        says = f"{level} by the local authority, which is not for production: nobody trusts it"
        return Finding("time stamps", "good" if settings.demonstration else "warn", says)
    hosts = ", ".join(urlsplit(url).hostname or url for url in urls)
    return Finding("time stamps", "good", f"{level} by {hosts}")


def _renewals() -> Finding:
    """Whether documents are stamped anew before their stamps end."""
    with db.reading() as session:
        failing, ends_at = renewing.put_off_ones(session)
    if failing:
        end = f"; the first stamp ends on {ends_at:%Y-%m-%d}" if ends_at else ""
        says = f"{failing} documents could not be stamped anew, see the log of the worker{end}"
        return Finding("renewals", "bad", says)
    return Finding("renewals", "good", "no document waits in vain for its next stamp")


def _signing_keys() -> Finding:
    """Which keys sign, and whether the certificate of one ends soon."""
    at = now()
    with db.reading() as session:
        keys = session.scalars(queries.whole().where(queries.signs(at=at))).unique().all()
        soon = [
            f"{key.purpose}/{key.name} ends on {key.expires_at:%Y-%m-%d}"
            for key in keys
            if key.expires_at is not None and key.expires_at <= at + SOON
        ]
    if soon:
        return Finding("signing keys", "warn", "; ".join(soon))
    return Finding("signing keys", "good", f"{len(keys)} sign, none ends within 90 days")


def _tokens() -> Finding:
    """Whether the tokens that hold signing keys can be asked."""
    labels = hardware.tokens()
    faults = []
    for label in labels:
        try:
            hardware.try_out(label)
        except hardware.OutOfReach as why:
            faults.append(str(why))
    if faults:
        return Finding("tokens", "bad", " ".join(faults))
    return Finding("tokens", "good", f"{len(labels)} open" if labels else "not used")


def _address() -> Finding:
    settings = current_app.config["SETTINGS"]
    loopback = settings.hosts[0] == "127.0.0.1"
    if settings.is_secure or loopback:
        return Finding("public address", "good", settings.public_url)
    return Finding("public address", "warn", f"{settings.public_url} is not https")


def _journal() -> Finding:
    with db.reading() as session:
        links, waiting, broken = verify(session)
    says = f"breaks at link {broken.position}" if broken else f"{links} links hold, {waiting} wait"
    return Finding("journal", "bad" if broken else "good", says)


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option(
    "--journal", "with_journal", is_flag=True, help="Also verify the whole journal (slow)."
)
def doctor(as_json: bool, with_journal: bool) -> None:
    """Check this deployment; exit status 1 when something is bad."""
    findings = [*examine(), *([_journal()] if with_journal else [])]
    ok = all(f.level != "bad" for f in findings)
    if as_json:
        click.echo(json.dumps({"ok": ok, "findings": [asdict(f) for f in findings]}, indent=1))
    else:
        for finding in findings:
            sign = {"good": "  ok  ", "warn": " warn ", "bad": " BAD  "}[finding.level]
            click.echo(f"[{sign}] {finding.check}: {finding.says}")
    sys.exit(0 if ok else 1)
