"""`flask rechecks …`"""

from __future__ import annotations

import json
import sys
import time

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app import db
from app.clock import now
from app.rechecks import rounds
from app.rechecks.jobs import step
from app.rechecks.models import Finding, Round

rechecks = AppGroup("rechecks", help="Reading everything issued again.")


@rechecks.command("run")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def run(as_json: bool) -> None:
    """Go through a whole round; exit status 1 when something is not what the register says."""
    started = time.monotonic()
    with db.writing() as session:
        one = rounds.begin(session, at=now())
        session.flush()
        key, begun_at = one.id, one.begun_at
    while _is_running(key):
        if not step():
            time.sleep(0.2)  # another worker has this batch
    with db.reading() as session:
        one = session.get_one(Round, key)
        seen = Finding.open_ones().where(Finding.last_seen_at >= begun_at)
        found = [
            {"part": f.part, "subject": f.subject, "reason": f.reason}
            for f in session.scalars(seen)
        ]
        checked = one.checked
    if as_json:
        seconds = round(time.monotonic() - started, 2)
        told = {"ok": not found, "checked": checked, "seconds": seconds, "findings": found}
        click.echo(json.dumps(told, indent=1, ensure_ascii=False))
    else:
        for each in found:
            click.echo(f"{each['part']} {each['subject']}: {each['reason']}")
        click.echo(f"{checked} read again, {len(found)} not what the register says.")
    sys.exit(1 if found else 0)


def _is_running(key: int) -> bool:
    with db.reading() as session:
        ended = session.scalars(select(Round.ended_at).where(Round.id == key)).one()
        return ended is None
