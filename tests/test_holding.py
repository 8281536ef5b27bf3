"""Rows are held for one act at a time, and nothing of it outlives the transaction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app import db
from app.accounts.models import Person


@pytest.fixture
def cursors(session: Session) -> Iterator[list[Any]]:
    """Every cursor of the driver that is used from here on, kept as a ring of references would."""
    used: list[Any] = []

    def executed(_connection: object, cursor: Any, *_rest: object) -> None:
        used.append(cursor)

    event.listen(db.db.engine, "after_cursor_execute", executed)
    yield used
    event.remove(db.db.engine, "after_cursor_execute", executed)


def test_what_holds_rows_leaves_no_cursor_open(
    session: Session, ana: Person, cursors: list[Any]
) -> None:
    session.commit()
    db.hold(session, select(Person.id).where(Person.id == ana.id))

    with pytest.raises(db.db.engine.dialect.dbapi.Error, match="closed"):
        cursors[-1].fetchone()


def test_control_what_is_not_read_stays_open(
    session: Session, ana: Person, cursors: list[Any]
) -> None:
    session.commit()
    found = session.execute(select(Person.id).where(Person.id == ana.id).with_for_update())

    assert cursors[-1].fetchone() == (ana.id,)
    found.close()
