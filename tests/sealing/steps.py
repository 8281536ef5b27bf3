"""The lasting steps of making a diploma, and what may strike before or after one of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from flask import Flask

from app import db
from app.credentials import emails, typesetting
from app.open_badges.issuing import Batch
from app.sealing import gathering
from app.sealing import jobs as sealing
from app.sealing.pipeline import Works

MOMENTS = ("before", "after")
STEPS: dict[str, tuple[Any, str, int]] = {
    "claiming": (typesetting, "claim", 1),
    "the claim's commit": (db, "commit", 1),
    "reading the keys": (gathering, "in_force_of", 1),
    "proving": (Batch, "badge", 1),
    "the proofs' commit": (db, "commit", 2),
    "making": (Works, "make", 1),
    "writing down what comes": (sealing, "intend", 1),
    "the intention's commit": (db, "commit", 3),
    "keeping": ("files", "keep", 1),
    "finishing": (typesetting, "finish", 1),
    "the letter": (emails, "ready", 1),
    "writing down": (sealing, "write_down", 1),
    "going on": (sealing, "hand_back", 1),
    "the last commit": (db, "commit", 4),
}
"""Where a step stands (its module or class, or an extension), its name, and which call of it."""


def struck_at(
    app: Flask, step: str, moment: str, blow: Callable[[], object]
) -> tuple[Any, str, Callable[..., Any], list[str]]:
    """What to put in the place of a step (where, its name, what), and a list of what was struck.

    The blow falls once; from then on the step is itself.
    """
    owner, name, which = STEPS[step]
    owner = app.extensions[owner] if isinstance(owner, str) else owner
    does, struck = getattr(owner, name), list[str]()
    calls = itertools.count(1)

    def does_it(*arguments: Any, **facts: Any) -> Any:
        if struck or next(calls) != which:
            return does(*arguments, **facts)
        struck.append(step)
        if moment == "before":
            blow()
            return does(*arguments, **facts)
        done = does(*arguments, **facts)
        blow()
        return done

    return owner, name, does_it, struck
