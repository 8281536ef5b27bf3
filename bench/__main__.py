"""The command: measures what it is asked for and prints one JSON line for each figure."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import replace

from bench import enrolling, memory, pages, participants, sheets, starting, statements
from bench.figures import chosen
from bench.stand import QUICK, Pace, Stand

FIGURES = (pages, statements, enrolling, participants, sheets, memory, starting)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; a figure that cannot be had is named on its line and in the exit status."""
    asked = read(arguments)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    failed = False
    with Stand(asked.database, pace(asked)) as stand:
        for one in chosen(asked.only):
            try:
                for line in one.measure(stand):
                    print(json.dumps(line), flush=True)
            except Exception as error:
                failed = True
                print(json.dumps({"bench": one.name, "error": str(error)}), flush=True)
    return int(failed)


def read(arguments: Sequence[str] | None) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    reader.add_argument("--only", action="append", default=[], metavar="NAME",
                        help="measure this alone (may be repeated): "
                        + ", ".join(f.name for f in chosen([])))  # fmt: skip
    reader.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    reader.add_argument("--quick", action="store_true", help="half a minute instead of minutes")
    reader.add_argument("--seconds", type=float, help="length of one measurement")
    reader.add_argument("--rounds", type=int, help="how often each is measured")
    reader.add_argument("--people", type=int, help="how many people the house holds")
    return reader.parse_args(arguments)


def pace(asked: argparse.Namespace) -> Pace:
    """How long and how often: the usual or the quick way, with what was asked for on top."""
    usual = QUICK if asked.quick else Pace()
    changes = {name: getattr(asked, name) for name in ("seconds", "rounds", "people")}
    given = {name: value for name, value in changes.items() if value is not None}
    if asked.people is not None:
        given["crowd"] = asked.people
    return replace(usual, **given)


if __name__ == "__main__":
    sys.exit(main())
