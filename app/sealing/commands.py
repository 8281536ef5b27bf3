"""`flask credentials sample`, which seals as well; and what is kept sealed beside the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask import current_app
from sqlalchemy.orm import Session

from app.clock import now
from app.credentials.commands import credentials
from app.designs import sample as designs
from app.pdf import Press, Unprintable
from app.sealing import authority
from app.sealing.sample import Failed, sealed


def _run(*, is_sealed: bool, **chosen: Any) -> None:
    """Typeset a preview of a sheet, with seals of throw-away keys where asked for."""
    if not is_sealed:
        assert designs.sample.callback is not None
        designs.sample.callback(**chosen)
        return
    out: Path = chosen.pop("out")
    try:
        with Press() as press:
            pdf = sealed(designs.facts(**chosen), press, at=now())
    except (Unprintable, Failed) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    out.write_bytes(pdf)
    click.echo(f"{out}: {len(pdf):,} bytes, sealed with keys of nobody, marked as a sample.")


sample = click.Command(
    "sample",
    params=[
        *designs.sample.params,
        click.Option(
            ["--sealed", "is_sealed"],
            is_flag=True,
            help="Seal it with throw-away keys, one for each society, and stamp it.",
        ),
    ],
    callback=_run,
    help=_run.__doc__,
)
credentials.add_command(sample)


def sealed_texts(_session: Session) -> list[tuple[str, str]]:
    """The key of the local time-stamp authority, which lies beside the database."""
    return authority.sealed_texts(current_app.config["SETTINGS"].var)


def reseal(_session: Session) -> tuple[int, int]:
    return authority.reseal(current_app.config["SETTINGS"].var)
