"""`flask demo load`, `flask demo story`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from app import db
from app.errors import Refusal

demo = AppGroup("demo", help="A lively platform of invented people.")


@demo.command("load")
@click.option("--json", "as_object", is_flag=True, help="Print one JSON object.")
def load(as_object: bool) -> None:
    """Build the demonstration in an empty database, once, and print its people and addresses.

    \b
    The JSON has: loaded (whether this call built it), password,
    people [{role, name, address, password, society}],
    pages [{name, url}], documents [{kind, standing, holder, title, serial, url}], totals {…}.
    """
    from app.demo import loading, summary

    db.alembic.upgrade()
    try:
        built = loading.load(lambda line: click.echo(line, err=True))
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    with db.reading() as session:
        facts = summary.summarise(session, built=built)
    if as_object:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(summary.lines(facts)))
