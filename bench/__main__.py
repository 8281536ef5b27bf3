"""The command: measures what it is asked for and prints one JSON line for each figure."""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import fields, replace

from app.db import SQLITE_VERSION
from bench import (
    commits,
    desk,
    enrolling,
    load,
    memory,
    pages,
    participants,
    pipeline,
    rechecks,
    sheets,
    starting,
    statements,
)
from bench.figures import Line, chosen
from bench.stand import QUICK, Pace, Stand

FIGURES = (
    pages,
    statements,
    enrolling,
    commits,
    participants,
    desk,
    sheets,
    pipeline,
    rechecks,
    memory,
    starting,
)
PACE = {
    "seconds": "length of one measurement",
    "rounds": "how often each is measured",
    "people": "how many have a browser of their own",
    "activities": "how many the agenda holds",
    "crowd": "how many take part in the largest webinar",
    "sheets": "how many of each kind are set",
    "diplomas": "how many are sealed in one batch",
    "starts": "how often the server is started",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; a figure that cannot be had is named on its line and in the exit status."""
    asked = read(arguments)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    load.use(plain=asked.plain)
    print(json.dumps(machine()), flush=True)
    failed = False
    with Stand(asked.database, pace(asked)) as stand:
        for one in chosen(asked.only):
            try:
                for line in one.measure(stand):
                    print(json.dumps(line), flush=True)
            except Exception as error:
                failed = True
                print(json.dumps({"bench": one.name, "error": str(error)}), flush=True)
    print(json.dumps(machine()), flush=True)
    return int(failed)


def machine() -> Line:
    """On what is measured, and how busy it is with other things: said first and last."""
    return {
        "bench": "machine",
        "cores": os.cpu_count(),
        "load_average": [round(one, 1) for one in os.getloadavg()],
        "python": platform.python_version(),
        "sqlite": SQLITE_VERSION,
    }


def read(arguments: Sequence[str] | None) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    reader.add_argument("--only", action="append", default=[], metavar="NAME",
                        help="measure this alone (may be repeated): "
                        + ", ".join(f.name for f in chosen([])))  # fmt: skip
    reader.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    reader.add_argument("--quick", action="store_true", help="half a minute instead of minutes")
    reader.add_argument("--plain", action="store_true", help="make the load without wrk")
    for field in fields(Pace):
        told = f"{PACE[field.name]} [{field.default}]"
        reader.add_argument(f"--{field.name}", type=type(field.default), help=told)
    return reader.parse_args(arguments)


def pace(asked: argparse.Namespace) -> Pace:
    """How long and how often: the usual or the quick way, with what was asked for on top."""
    given = {f.name: getattr(asked, f.name) for f in fields(Pace)}
    usual = QUICK if asked.quick else Pace()
    return replace(usual, **{name: value for name, value in given.items() if value is not None})


if __name__ == "__main__":
    sys.exit(main())
