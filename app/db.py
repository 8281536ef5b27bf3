"""The database: one session a request, writers that queue in order, UTC in and UTC out."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from inspect import iscoroutinefunction
from typing import Any

from flask.sansio.app import App
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Engine, Enum, MetaData, Select, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import JSON, TypeDecorator

from config import Settings

try:
    import pysqlite3 as sqlite3  # with a recent SQLite inside, where there is a wheel of it
except ImportError:
    import sqlite3


class Database(SQLAlchemy):
    """The sessions and engines of an application, none of them asynchronous."""

    def init_app(self, app: App) -> None:
        """Leave out the end of asynchronous sessions: it starts a thread for every request."""
        super().init_app(app)
        ends = app.teardown_appcontext_funcs
        ends[:] = [end for end in ends if not iscoroutinefunction(end)]


SQLITE_VERSION: str = sqlite3.sqlite_version

db = Database(session_options={"expire_on_commit": False})
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

BUSY_SECONDS = 15
LARGEST_KEY = 2**31 - 1
"""What a key of a row holds on PostgreSQL, which refuses to compare it with more."""

FIRST_FIXED_SQLITE = {(3, 44): 6, (3, 50): 7, (3, 51): 3}
"""Releases from which the WAL-reset bug is mended (sqlite.org/wal.html#walresetbug)."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment; stored and returned in UTC, a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a moment needs its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """A mapped class of Confer."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UtcDateTime,
        dict[str, Any]: Json,
        list[Any]: Json,
        StrEnum: Enum(
            StrEnum, native_enum=False, length=40, values_callable=lambda e: [str(m) for m in e]
        ),
    }


def engine_options(settings: Settings) -> dict[str, Any]:
    """The engine for the deployment's database, PostgreSQL through psycopg 3.

    Its errors are logged, so they do not name the values: letters with their links, addresses.
    """
    url = settings.database_url
    if url.startswith("sqlite"):
        waits = {"timeout": BUSY_SECONDS}
        sizes = {"pool_size": 8, "max_overflow": 8}
        return {"url": url, "connect_args": waits, "hide_parameters": True, **sizes}
    options = (
        "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"
    )
    return {
        "url": url.replace("postgresql://", "postgresql+psycopg://", 1),
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_size": 8,
        "connect_args": {"options": f"{options} -c timezone=UTC"},
    }


def prepare(engine: Engine) -> None:
    """Give SQLite its transactions and pragmas; PostgreSQL needs nothing."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the begin event below opens every transaction
        mode = "WAL" if wal_is_safe(SQLITE_VERSION) else "DELETE"
        for pragma in (
            f"journal_mode={mode}",
            "synchronous=FULL",
            "foreign_keys=ON",
            "cache_size=-16000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def began(connection: Connection) -> None:
        if connection.get_execution_options().get("writes", False):
            _begin_writing(connection)
        else:
            connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection) -> None:
    """Queue up as a writer, asking every few milliseconds.

    SQLite's own waiting sleeps up to a tenth of a second between two tries, so that under load the
    database idles while everyone sleeps.
    """
    connection.exec_driver_sql("PRAGMA busy_timeout=0")
    give_up_at = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            break
        except OperationalError as busy:
            if "locked" not in str(busy.orig) or time.monotonic() > give_up_at:
                raise
            time.sleep(random.uniform(0.001, 0.004))
    connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def wal_is_safe(version: str) -> bool:
    """Whether this SQLite is free of the WAL-reset bug."""
    major, minor, patch = (int(part) for part in version.split(".")[:3])
    if (major, minor) in FIRST_FIXED_SQLITE:
        return patch >= FIRST_FIXED_SQLITE[major, minor]
    return (major, minor) > (3, 51)


def will_write(session: Session) -> None:
    """From here on this session's transactions are writers: they queue up at their beginning.

    What was read before stays loaded; nothing had been written.
    """
    if session.in_transaction():
        session.commit()
    session.bind = _writer(db.engine)


def _writer(engine: Engine) -> Engine:
    return engine.execution_options(writes=True)


@contextmanager
def writing() -> Iterator[Session]:
    """A transaction of its own that writes: committed at the end, undone by any exception."""
    with db.sessionmaker(bind=_writer(db.engine)) as session:
        yield session
        commit(session)


@contextmanager
def reading() -> Iterator[Session]:
    """A transaction of its own that only reads."""
    with db.sessionmaker() as session:
        yield session


def breathe(session: Session) -> None:
    """End the transaction while something slow is done, so that nobody waits for it."""
    session.rollback()


def hold(session: Session, rows: Select[int]) -> None:
    """Let one act at a time decide about these rows; SQLite's writers queue anyway.

    What is found is not read, so it is closed: else its connection would not really end.
    """
    session.execute(rows.with_for_update(key_share=True)).close()


def after_commit(session: Session, call: Callable[[], None]) -> None:
    """Remember what to do once the act is durable (hand an id to the job engine)."""
    session.info.setdefault("after_commit", []).append(call)


def commit(session: Session) -> None:
    """Make the act durable, then hand over what it left to do."""
    session.commit()
    for call in session.info.pop("after_commit", []):
        call()


def is_reachable(session: Session) -> bool:
    return bool(session.execute(text("select 1")).scalar() == 1)
