"""How a credential stands by what was carried away: the log, the status lists, the export."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from app.open_badges import bits
from app.verification.carried import Carried
from app.verification.judgement import Reason
from app.verification.keys import moment


def standing(
    credential: dict[str, Any] | None,
    bundle: Carried,
    *,
    on: date,
    exported: dict[str, Any] | None,
    acts: Sequence[dict[str, Any]] = (),
) -> tuple[str, list[Reason]]:
    """How it stands by the log and the status lists and, where they are silent, by the export."""
    states, doubts = _logged_states(acts, on=on), []
    for entry in _entries(credential):
        state, doubt = _bit(entry, bundle, on=on)
        states += [state] if state else []
        doubts += [doubt] if doubt else []
    if exported is not None:
        states += [exported["standing"]] if exported["standing"] != "valid" else []
    elif not _entries(credential):
        doubts.append(Reason.STATUS_UNKNOWN)
    until = moment(str((credential or {}).get("validUntil", "")))
    for worst in ("withdrawn", "superseded", "suspended", "in preparation"):
        if worst in states:
            return worst, []
    if (until is not None and until.date() < on) or "expired" in states:
        return "expired", []
    return ("unknown" if doubts else "valid"), doubts


def _logged_states(acts: Sequence[dict[str, Any]], *, on: date) -> list[str]:
    """What became of it by the log until a day."""
    past = [act for act in acts if "on" in act and date.fromisoformat(act["on"]) <= on]
    told = [str(act["act"]) for act in past]
    is_suspended = told.count("suspended") > told.count("reinstated")
    ended = [word for word in ("withdrawn", "superseded") if word in told]
    return [*ended, *(["suspended"] if is_suspended else [])]


def _entries(credential: dict[str, Any] | None) -> list[dict[str, Any]]:
    found = (credential or {}).get("credentialStatus", [])
    found = found if isinstance(found, list) else [found]
    return [one for one in found[:8] if isinstance(one, dict)]


def _bit(entry: dict[str, Any], bundle: Carried, *, on: date) -> tuple[str | None, Reason | None]:
    one = bundle.lists.get(str(entry.get("statusListCredential")))
    if one is None:
        return None, Reason.STATUS_UNKNOWN
    try:
        index = int(entry["statusListIndex"])
        is_set = bits.is_set(one["credentialSubject"]["encodedList"], index)
        purpose = one["credentialSubject"]["statusPurpose"]
    except (KeyError, ValueError, TypeError, IndexError):
        return None, Reason.STATUS_UNKNOWN
    if is_set:
        return {"revocation": "withdrawn"}.get(purpose, "suspended"), None
    until: datetime | None = moment(str(one.get("validUntil", "")))
    if until is None or until.date() < on:
        return None, Reason.STATUS_STALE
    return None, None
