"""A house full of people: a data folder of its own, filled in seconds, thrown away at the end."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf

from app import create_app, db, migrating
from bench.crowd import Crowd, fill
from config import Settings, from_environment
from tests.servers import start_postgresql, stop_postgresql

if TYPE_CHECKING:
    from bench.stand import Pace

CSRF = "0123456789abcdef0123456789abcdef01234567"
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
"""What a test's PostgreSQL does without and a real one does not."""


@dataclass(frozen=True)
class House:
    """A filled deployment and the application that looks into it from this process."""

    settings: Settings
    app: Flask
    crowd: Crowd

    @classmethod
    @contextmanager
    def built(cls, database: str, pace: Pace) -> Iterator[House]:
        with _folder() as folder, _database(database, folder) as changes:
            settings = replace(from_environment({"CONFER_VAR": str(folder / "var")}), **changes)
            app = create_app(settings)
            with app.app_context():
                migrating.upgrade()
                with db.writing() as session:
                    crowd = fill(session, pace)
            try:
                yield cls(settings, app, crowd)
            finally:
                with app.app_context():
                    db.db.engine.dispose()

    @property
    def environment(self) -> dict[str, str]:
        """The settings as a process of its own reads them."""
        return {
            "CONFER_VAR": str(self.settings.var),
            "CONFER_DATABASE_URL": self.settings.database_url,
        }

    def cookie(self, token: str) -> str:
        """The cookie of a browser in which someone is signed in and has seen a form."""
        interface = SecureCookieSessionInterface()
        signer = interface.get_signing_serializer(self.app)
        assert signer is not None
        name = self.app.config["SESSION_COOKIE_NAME"]
        told = {"_user_id": token, "_fresh": True, "_permanent": True, "csrf_token": CSRF}
        return f"{name}={signer.dumps(told)}"

    def csrf_token(self) -> str:
        """What a form of these browsers carries."""
        import flask

        with self.app.test_request_context():
            flask.session["csrf_token"] = CSRF
            return str(generate_csrf())


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="confer-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[dict[str, Any]]:
    if kind == "sqlite":
        yield {}
        return
    address = start_postgresql(folder)
    try:
        _make_durable(address)
        yield {"database_url": address}
    finally:
        stop_postgresql(folder)


def _make_durable(address: str) -> None:
    """The server of the tests forgets on a crash; what is measured must not."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        for name in DURABLE:
            connection.execute(f"ALTER SYSTEM SET {name} = on")
        connection.execute("SELECT pg_reload_conf()")
