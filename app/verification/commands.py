"""`flask verification …`"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from app import db
from app.clock import today
from app.verification.answers import as_json
from app.verification.examine import by_file

verification = AppGroup("verification", help="What anyone can learn about a credential.")


@verification.command("examine")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_object", is_flag=True, help="One JSON object.")
def examine(file: Path, as_object: bool) -> None:
    """The verdict on a PDF; exit status 0 only when it is genuine and valid today."""
    with db.reading() as session:
        verdict = by_file(session, file.read_bytes(), on=today())
        answer = as_json(verdict, on=today())
    if as_object:
        click.echo(json.dumps(answer, indent=1, ensure_ascii=False))
    else:
        click.echo(f"{file.name}: {answer['verdict']}")
        if answer["serial"]:
            click.echo(
                f"serial {answer['serial']}, {answer['title']}, issued on {answer['issued_on']}"
            )
    sys.exit(0 if verdict.is_good else 1)
