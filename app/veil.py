"""What a log may say of a request: its path, without the secret of a link that is used once."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection
from urllib.parse import unquote

from werkzeug.routing import Map

HIDDEN = "…"
SECRET = "token"
"""What a route calls the part of its path that opens something by itself."""


class Veil(logging.Filter):
    """Hides the secrets in the paths of an access log."""

    def __init__(self, before: Collection[str]) -> None:
        super().__init__()
        self.before = tuple(before)

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, dict) and "path" in record.args:
            record.args = {**record.args, "path": veiled(str(record.args["path"]), self.before)}
        return True


def veiled(path: str, before: Collection[str]) -> str:
    """The path, cut where a secret begins; it stays as it is when it holds none."""
    read = re.sub("/+", "/", unquote(path))
    for start in before:
        if read.startswith(start) and read != start:
            return start + HIDDEN
    return path


def secret_places(addresses: Map) -> list[str]:
    """The beginnings of paths that go on with a secret."""
    found = {
        rule.rule.partition(f"<{SECRET}>")[0]
        for rule in addresses.iter_rules()
        if SECRET in rule.arguments
    }
    return sorted(found)
