"""Webinars planned before there were sessions: each has one after the upgrade."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from app import create_app, db, migrating
from app.agenda.models import Activity
from tests.conftest import make_settings

FIRST_SCHEMA = "1795308908"
STARTS = datetime(2026, 12, 1, 17, tzinfo=UTC)
PERSON = (
    "INSERT INTO people (id, name, profession, country, zone, language, password, password_set_at,"
    " joined_at, is_sample) VALUES (1, 'Eva', 'radiologist', 'AT', 'Europe/Vienna', 'en', '!',"
    " '2026-01-01 00:00:00', '2026-01-01 00:00:00', false)"
)
ACTIVITY = (
    "INSERT INTO activities (id, kind, title, summary, description, language, level, created_at,"
    " created_by_id, changes, starts_at, starts_local, zone, minutes, link) VALUES ({id}, '{kind}',"
    " 'T', '', '', 'en', 'introductory', '2026-01-01 00:00:00', 1, 0, {starts}, '{local}',"
    " 'Europe/Vienna', 90, '')"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request, tmp_path):
    """A database as the first release left it, with a webinar and a course."""
    changes = {}
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        changes["database_url"] = server.database("carried_over")
    app = create_app(make_settings(tmp_path, **changes))
    webinar = {"kind": "webinar", "starts": "'2026-12-01 17:00:00+00'", "local": "2026-12-01T18:00"}
    if request.param == "sqlite":
        webinar["starts"] = "'2026-12-01 17:00:00.000000'"
    with app.app_context():
        migrating.alembic().upgrade(FIRST_SCHEMA)
        with db.db.engine.begin() as connection:
            connection.execute(text(PERSON))
            connection.execute(text(ACTIVITY.format(id=1, **webinar).replace(":", r"\:")))
            connection.execute(text(ACTIVITY.format(id=2, kind="course", starts="NULL", local="")))
        yield
        db.db.engine.dispose()
    if request.param == "postgresql":
        server.drop("carried_over")


def test_a_webinar_keeps_its_hour_as_its_one_session(old):
    migrating.upgrade()

    with db.reading() as session:
        webinar, course = session.scalars(select(Activity).order_by(Activity.id)).all()
        assert webinar.windows == [(STARTS, STARTS + timedelta(minutes=90))]
        assert webinar.ends_at == STARTS + timedelta(minutes=90)
        assert [one.starts_local for one in webinar.sessions] == ["2026-12-01T18:00"]
        assert (course.sessions, course.ends_at) == ([], None)
