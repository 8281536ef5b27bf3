"""Every row of the database, to see whether an act has changed any and to put back what it did."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import Flask
from sqlalchemy import Engine, Table, delete, insert, select, text, update

from app import db

Key = tuple[Any, ...]
Snapshot = dict[Table, dict[Key, dict[str, Any]]]
EXEMPT_TABLES = {"buckets", "heartbeats"}
EXEMPT_COLUMNS = {("sessions", "seen_at")}
"""What counts visits and shows life; nothing that anybody did."""


class Rows:
    """The rows as they were when the stage was set; asks the database cheaply whether it moved."""

    def __init__(self, app: Flask, before: Rows | None = None) -> None:
        with app.app_context():
            self.engine = db.db.engine
        self.watch = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self.asked = {
            table: str(select(*columns).order_by(*table.primary_key).compile(self.engine))
            for table, columns in _seen().items()
        }
        self.kept, self.looked = (
            (before.kept, before.looked) if before else (self.read(), self._look())
        )
        self.mark = "" if before else self._mark()
        self.seen, self.moved = "", list[Table]()

    def close(self) -> None:
        self.watch.close()

    def read(self, tables: Collection[Table] = ()) -> Snapshot:
        """The rows of these tables, or of all."""
        with self.engine.connect() as connection:
            return {
                table: {
                    _key(table, row): dict(row)
                    for row in connection.execute(select(*columns)).mappings()
                }
                for table, columns in _seen().items()
                if not tables or table in tables
            }

    def changed(self) -> set[str]:
        """The tables that differ from what was kept."""
        mark = self._mark()
        if mark == self.mark:
            return set()
        now = self._look()
        self.seen, self.moved = mark, [t for t in now if now[t] != self.looked[t]]
        if not self.moved:
            self.mark = mark
        return {table.name for table in self.moved}

    def _look(self, tables: Collection[Table] = ()) -> dict[Table, list[Any]]:
        """The rows as the driver hands them over, which takes a tenth of the time of `read`."""
        with self.engine.connect() as connection:
            raw = connection.connection.cursor()
            return {
                table: raw.execute(asked).fetchall()
                for table, asked in self.asked.items()
                if not tables or table in tables
            }

    def put_back(self) -> None:
        """Undo whatever was done since the stage was set."""
        if self._mark() != self.seen:
            self.changed()
        if not self.moved:
            return
        now = self.read(self.moved)
        tables = [t for t in db.Base.metadata.sorted_tables if t in now]
        with self.engine.execution_options(writes=True).begin() as connection:
            for table in tables:
                before = self.kept[table]
                for key in before.keys() - now[table].keys():
                    connection.execute(insert(table).values(before[key] | _unseen(table)))
                for key in before.keys() & now[table].keys():
                    if before[key] != now[table][key]:
                        connection.execute(
                            update(table).where(*_is(table, key)).values(before[key])
                        )
            for table in reversed(tables):
                for key in now[table].keys() - self.kept[table].keys():
                    connection.execute(delete(table).where(*_is(table, key)))
        again = self._look(tables)
        assert [table.name for table in tables if again[table] != self.looked[table]] == []
        self.mark, self.moved = self._mark(), []

    def forget_tries(self) -> None:
        """Empty the buckets that count tries, so that the next visitor is not turned away."""
        if not self._asked("SELECT count(*) FROM buckets"):
            return
        with self.engine.execution_options(writes=True).begin() as connection:
            connection.execute(text("DELETE FROM buckets"))
        if not self.changed():
            self.mark = self._mark()

    def _mark(self) -> str:
        """Changes whenever another connection has written anything."""
        is_sqlite = self.engine.dialect.name == "sqlite"
        return str(
            self._asked(
                "PRAGMA data_version" if is_sqlite else "SELECT pg_current_wal_insert_lsn()"
            )
        )

    def _asked(self, question: str) -> Any:
        """One value, as it is at this moment: through SQLAlchemy, SQLite would begin a transaction
        and go on seeing what was when it began."""
        raw = self.watch.connection.cursor()
        try:
            return raw.execute(question).fetchone()[0]
        finally:
            raw.close()


def whole(engine: Engine) -> dict[Table, list[dict[str, Any]]]:
    """Every row with every column, to make a database like this one again."""
    with engine.connect() as connection:
        return {
            table: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in db.Base.metadata.sorted_tables
        }


def fill(engine: Engine, rows: dict[Table, list[dict[str, Any]]]) -> None:
    """Put these rows into an empty database, and count on from them."""
    with engine.execution_options(writes=True).begin() as connection:
        for table, found in rows.items():
            if found:
                connection.execute(insert(table), found)
        if engine.dialect.name == "postgresql":
            for table, found in rows.items():
                [*key] = table.primary_key
                if found and len(key) == 1 and key[0] is table.autoincrement_column:
                    highest = max(row[key[0].name] for row in found)
                    connection.execute(
                        text("SELECT setval(pg_get_serial_sequence(:table, :key), :highest)"),
                        {"table": table.name, "key": key[0].name, "highest": highest},
                    )


def _seen() -> dict[Table, list[Any]]:
    return {
        table: [c for c in table.columns if (table.name, c.name) not in EXEMPT_COLUMNS]
        for table in db.Base.metadata.sorted_tables
        if table.name not in EXEMPT_TABLES
    }


def _unseen(table: Table) -> dict[str, Any]:
    """What a row that is put back holds where nobody looks."""
    from app.clock import now

    return {c.name: now() for c in table.columns if (table.name, c.name) in EXEMPT_COLUMNS}


def _key(table: Table, row: Any) -> Key:
    return tuple(row[c.name] for c in table.primary_key.columns)


def _is(table: Table, key: Key) -> list[Any]:
    return [c == value for c, value in zip(table.primary_key.columns, key, strict=True)]
