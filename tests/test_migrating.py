"""The schema is at the latest revision, or is brought there."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app import create_app, db, migrating
from config import ROOT
from tests.conftest import make_settings

FIRST_SCHEMA = "1795308908"


@pytest.fixture
def house(tmp_path):
    """A new deployment, whose database is empty."""
    app = create_app(make_settings(tmp_path))
    with app.app_context():
        yield app
        db.db.engine.dispose()


def test_a_database_is_current_once_every_migration_has_run(house):
    assert not migrating.is_current()
    migrating.alembic().upgrade(FIRST_SCHEMA)
    assert not migrating.is_current()
    migrating.upgrade()
    assert migrating.is_current()
    assert not house.test_cli_runner().invoke(args=["db", "check"]).exit_code


def test_the_latest_revision_is_the_one_that_alembic_finds(house):
    heads = {script.revision for script in migrating.alembic().heads()}
    assert migrating.latest(migrating.FOLDER) == heads != set()


def test_a_revision_that_others_follow_is_not_the_latest(tmp_path):
    for name, follows in (("a", "None"), ("b", '"a"'), ("c", '"a"'), ("d", '("b", "c")')):
        text = f'revision = "{name}"\ndown_revision = {follows}\n'
        (tmp_path / f"{name}.py").write_text(text)
    assert migrating.latest(tmp_path) == {"d"}


LATER = {"alembic", "email_validator", "icalendar", "pypdfium2", "urllib3", "xlsxwriter"}
"""What is loaded when it is first needed, so that a start is quick."""


def test_a_deployment_that_is_current_loads_nothing_that_can_wait(house):
    migrating.upgrade()
    var = str(house.config["SETTINGS"].var)
    told = subprocess.run(
        [sys.executable, "-c",
         "import sys; from app import create_app, migrating; app = create_app()\n"
         "with app.app_context(): migrating.upgrade()\n"
         "print(*sys.modules)"],
        cwd=ROOT, env={"CONFER_VAR": var}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    loaded = set(told.stdout.split())
    assert "app.db" in loaded
    assert loaded & LATER == set()
