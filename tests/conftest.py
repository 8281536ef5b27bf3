"""The cast and the stage: people and societies that the tests speak of, on both databases."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as examples
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app import create_app, db, migrating
from config import Settings, from_environment
from tests.browser_client import Browser

# How long an example takes says how busy the machine is, not whether the promise holds.
examples.register_profile("confer", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("confer")

pytest_plugins = [
    "tests.no_skips",
    "tests.order",
    "tests.servers",
    "tests.cast",
    "tests.verapdf",
    "tests.tokens",
]


def make_settings(var: Path, **changes: object) -> Settings:
    """Settings of a test: everything in one folder, a fixed secret, no mail server."""
    settings = from_environment(
        {"CONFER_VAR": str(var), "CONFER_SECRET_KEY": "a secret of tests only 0123456789"}
    )
    return replace(settings, testing=True, **changes)  # type: ignore[arg-type]


def pytest_collection_finish() -> None:
    """What is loaded by now stays: nobody need look for garbage in it before every test."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def without_the_loop_of_a_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """Playwright leaves its event loop running in this thread; who needs no browser sees none."""
    loop = None if "playwright" in request.fixturenames else asyncio._get_running_loop()
    if loop is None:
        yield
        return
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


LARGE = 128 * 1024
"""Bytes of a table."""


@pytest.fixture(scope="session")
def apps() -> Iterator[dict[str, Flask]]:
    """The applications of this process by their databases; made once, whatever the order."""
    made: dict[str, Flask] = {}
    yield made
    for app in made.values():
        with app.app_context():
            db.db.engine.dispose()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def app(
    request: pytest.FixtureRequest,
    apps: dict[str, Flask],
    tmp_path_factory: pytest.TempPathFactory,
) -> Flask:
    """One application on each database; its tables are emptied before every test."""
    if request.param not in apps:
        changes = {}
        if request.param == "postgresql":
            changes["database_url"] = request.getfixturevalue("postgresql_url")
        settings = make_settings(tmp_path_factory.mktemp(request.param), **changes)
        apps[request.param] = create_app(settings)
        with apps[request.param].app_context():
            do_not_wait_for_the_disk(db.db.engine)
            migrating.upgrade()
            if request.param == "sqlite":
                raw = db.db.engine.raw_connection()
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
                raw.close()
                db.db.engine.dispose()
                shutil.copy(settings.var / "confer.db", settings.var / "empty.db")
    return apps[request.param]


def do_not_wait_for_the_disk(engine: Engine) -> None:
    """What SQLite writes need not outlive a power cut; the tests' PostgreSQL does the same."""
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def connected(connection: Any, _record: object) -> None:
            connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def stage(app: Flask) -> Flask:
    """The application with an empty database and no file kept."""
    settings = app.config["SETTINGS"]
    for folder in Path(settings.files_url).iterdir():
        if folder.name != ".half-written":
            shutil.rmtree(folder)
    with app.app_context():
        if db.db.engine.dialect.name == "sqlite":
            leave(settings.var / "confer.db", db.db.engine)
            shutil.copyfile(settings.var / "empty.db", settings.var / "confer.db")
        else:
            empty(db.db.engine)
    (settings.var / "time-stamp-authority.pem").unlink(missing_ok=True)
    app.extensions["jobs"].huey.storage.flush_all()
    return app


def leave(database: Path, engine: Engine) -> None:
    """Close every connection of the test before; whoever is last takes the log along.

    One that stayed would read and write the next test's rows through a log that is gone.
    """
    log = database.with_name(f"{database.name}-wal")
    engine.dispose()
    if log.exists():
        gc.collect()  # a session in a ring of references is nobody's any more
    assert not log.exists(), "the test before this one left a connection open"


def empty(engine: Engine) -> None:
    """Delete every row and count from one again; TRUNCATE of all costs twenty times as much.

    Every row goes, so none is looked up in the tables that refer to it; what has grown large is
    truncated after all, for deleted rows stay in the way of whoever reads the table.
    """
    tables = [table.name for table in reversed(db.Base.metadata.sorted_tables)]
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("; ".join(f'DELETE FROM "{name}"' for name in tables))
        large = connection.exec_driver_sql(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            f" AND relkind = 'r' AND pg_relation_size(oid) > {LARGE}"
        ).scalars()
        if grown := [f'"{name}"' for name in large if name in tables]:
            connection.exec_driver_sql(f"TRUNCATE {', '.join(grown)} CASCADE")
        connection.exec_driver_sql(
            "SELECT setval(quote_ident(sequencename)::regclass, start_value, false)"
            " FROM pg_sequences WHERE last_value IS NOT NULL"
        )


@pytest.fixture
def session(stage: Flask) -> Iterator[Session]:
    """A database session for setting the stage and looking at outcomes.

    It is open inside an application context of its own; `session.commit()` makes what it holds
    visible to requests, `session.expire_all()` looks again after one.
    """
    with stage.app_context():
        db.will_write(db.db.session)
        yield db.db.session
        db.db.session.rollback()


@pytest.fixture
def browser(stage: Flask, session: Session) -> Browser:
    """A browser with nobody signed in; it checks the health of every page it opens."""
    return Browser(stage, session)


@pytest.fixture
def another_browser(stage: Flask, session: Session) -> Browser:
    return Browser(stage, session)


os.environ.setdefault("TZ", "UTC")
