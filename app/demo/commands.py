"""`flask demo load`, `flask demo story`."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from app import db, migrating
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

    with current_app.app_context():  # its end gives the connection back
        migrating.upgrade()
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


@demo.command("story")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path),
              help="Folder for certificate.pdf and diploma.pdf.")  # fmt: skip
@click.option("--json", "as_object", is_flag=True, help="Print one JSON object.")
def story(out: Path, as_object: bool) -> None:
    """Play the main job from an empty database to a verified diploma, and prove every step.

    The database is made for the story in a temporary folder and thrown away with it, so this never
    touches a deployment. Exit status 0 only if every proof held.

    \b
    The JSON has: holds, steps [{step, holds, says, facts {…}}], files {certificate, diploma}.
    """
    out.mkdir(parents=True, exist_ok=True)
    steps = []
    with _stage_of_its_own() as session:
        from app.demo.story import Story

        for proof in Story.begin(session, out).tell():
            steps.append(proof)
            if not as_object:
                click.echo(f"{'proved' if proof.holds else 'FAILED'}  {proof.step}: {proof.says}")
                click.echo(f"        {json.dumps(proof.facts, ensure_ascii=False)}")
    holds = all(proof.holds for proof in steps)
    files = {name: str(out / f"{name}.pdf") for name in ("certificate", "diploma")}
    if as_object:
        answer = {"holds": holds, "steps": [asdict(proof) for proof in steps], "files": files}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        click.echo(f"{len(steps)} steps. Written: {', '.join(files.values())}")
    sys.exit(0 if holds else 1)


@contextmanager
def _stage_of_its_own() -> Iterator[Session]:
    """An application on an empty, migrated SQLite database that nobody else ever sees."""
    from app import create_app

    with tempfile.TemporaryDirectory(prefix="confer-story-") as folder:
        var = Path(folder)
        settings = replace(
            current_app.config["SETTINGS"], var=var, smtp_url=None, files_url=str(var / "files"),
            database_url=f"sqlite:///{var / 'confer.db'}", jobs_url=f"sqlite:///{var / 'jobs.db'}",
        )  # fmt: skip
        app = create_app(settings)
        with app.app_context():
            migrating.upgrade()
        with app.app_context():
            db.will_write(db.db.session)
            yield db.db.session
            db.db.session.close()
            db.db.engine.dispose()
