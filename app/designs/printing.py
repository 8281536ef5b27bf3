"""The press of the web process: one child, so that previews wait for each other."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from flask import current_app

from app.pdf import Press


def press() -> Press:
    return press_in(current_app.config["SETTINGS"].var / "press")


@lru_cache(maxsize=1)
def press_in(scratch: Path) -> Press:
    """Another application in this process, with another folder, gets another press."""
    return Press(scratch)
