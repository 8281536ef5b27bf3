"""The database's schema beside that of this version.

Alembic changes it, and is loaded only for that: whether there is anything to change is told by the
revision that the database names and by the texts of the migrations.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask import Flask, current_app
from sqlalchemy.types import JSON

from app import db
from config import ROOT

if TYPE_CHECKING:
    from flask_alembic import Alembic

FOLDER = ROOT / "migrations"
REVISION = re.compile(r"^revision = [\"'](\w+)[\"']$", re.M)
FOLLOWS = re.compile(r"^down_revision = (.*)$", re.M)


def is_current() -> bool:
    """Whether the database is at the latest revision."""
    with db.db.engine.connect() as connection:
        if not connection.dialect.has_table(connection, "alembic_version"):
            return False
        named = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
        return set(named.scalars()) == latest(FOLDER)


@lru_cache
def latest(folder: Path) -> frozenset[str]:
    """The revisions of a folder that no other one follows."""
    texts = [path.read_text() for path in folder.glob("*.py")]
    followed = {one for text in texts for line in FOLLOWS.findall(text)
                for one in re.findall(r"\w+", line)}  # fmt: skip
    return frozenset(one for text in texts for one in REVISION.findall(text)) - followed


def upgrade() -> None:
    """Bring the database to the latest revision."""
    if not is_current():
        alembic().upgrade()


def alembic() -> Alembic:
    """Alembic for the application at work."""
    if "alembic" not in current_app.extensions:
        from flask_alembic import Alembic

        metadata = db.Base.metadata
        Alembic(run_mkdir=False, command_name="", metadatas=metadata).init_app(
            current_app._get_current_object()  # type: ignore[attr-defined]
        )
    found: Alembic = current_app.extensions["alembic"]
    return found


class _Commands(click.Group):
    """Alembic's own commands."""

    def list_commands(self, context: click.Context) -> list[str]:
        return _theirs().list_commands(context)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        return _theirs().get_command(context, name)


def _theirs() -> click.Group:
    from flask_alembic.cli import cli

    return cli


@click.group("db", cls=_Commands)
@click.pass_context
def commands(context: click.Context) -> None:
    """Perform database migrations."""
    context.obj = alembic()


def _written(kind: str, item: object, context: Any) -> str | bool:
    """Write our own column types into migrations as plain SQLAlchemy ones."""
    if kind == "type" and isinstance(item, db.UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        context.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def init_app(app: Flask) -> None:
    app.config["ALEMBIC"] = {
        "script_location": str(FOLDER),
        "file_template": "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s",
    }
    app.config["ALEMBIC_CONTEXT"] = {"render_as_batch": True, "render_item": _written}
    app.cli.add_command(commands)
