"""The pages about what waits for seals: the officers of the society that is asked."""

from __future__ import annotations

from typing import Any

from tests.stories.door import EUSOMII_OFFICERS, OFFICERS, THEIR_OFFICERS, Door

SEALS = "/desk/seals"


def _asked(methods: str, rule: str, **nouns: str) -> Door:
    its: dict[str, Any] = {"code": "society", **nouns}
    return Door(methods, f"{SEALS}/<code>/{rule}", OFFICERS, EUSOMII_OFFICERS, THEIR_OFFICERS, its)


SEAL_DOORS = [
    Door("GET", SEALS, OFFICERS, OFFICERS, OFFICERS),
    _asked("GET", "requests.zip"),
    _asked("GET", "<serial>.tbs", serial="awaiting"),
    _asked("GET", "<serial>.pdf", serial="awaiting"),
    _asked("POST", "signatures"),
]
