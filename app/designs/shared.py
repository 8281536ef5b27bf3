"""What the holders of a list share of their snapshots, and what is each one's own."""

import json
from collections.abc import Mapping
from typing import Any

from app.designs import supplement

OF_HOLDER = ("serial", "verify_url", "holder", "activity", "supplement")
"""The parts of a snapshot that differ between holders, wholly or partly."""


def key_of(snapshot: Mapping[str, Any]) -> str:
    """What the holders of a list share, as one text."""
    return json.dumps(_shared(snapshot), sort_keys=True)


def _shared(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """A snapshot without what is the holder's own."""
    shared = {key: value for key, value in snapshot.items() if key not in OF_HOLDER}
    activity = snapshot["activity"]
    if activity:
        shared["activity"] = {
            key: value is None if key in ("minutes_present", "score") else value
            for key, value in activity.items()
        }
    facts = snapshot.get("supplement")
    if facts:
        kept = ("title", "domain", "kind", "societies")
        shared["modules"] = [[m.get(key) for key in kept] for m in supplement.modules(facts)]
        shared["annex"] = {
            key: value for key, value in supplement.annex(facts).items()
            if key not in ("modules", "totals", "grade")
        } | {"grade": bool(supplement.annex(facts).get("grade"))}  # fmt: skip
    return shared
