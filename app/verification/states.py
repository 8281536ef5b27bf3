"""How a credential stands by what was carried away: the log, the status lists, the export.

Each speaks of its own day. A list holds for a week, and an export is believed for as long; what is
kept for decades still says how the credential stood on that day, and that is told with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.open_badges import bits
from app.open_badges.lists import HOLDS
from app.verification.carried import Carried
from app.verification.judgement import Reason
from app.verification.keys import moment

VALID, VALID_THEN, UNKNOWN = "valid", "valid as of", "unknown"


@dataclass(frozen=True)
class Stood:
    """How a credential stands, or stood when it was last told."""

    word: str
    """valid, valid as of, expired, suspended, superseded, withdrawn, in preparation or unknown."""
    as_of: date | None = None
    """The day of what says so."""
    doubts: tuple[Reason, ...] = ()


def standing(
    credential: dict[str, Any] | None,
    bundle: Carried,
    *,
    on: date,
    exported: dict[str, Any] | None,
    acts: Sequence[dict[str, Any]] = (),
) -> Stood:
    """How it stands by the log and the status lists and, where they are silent, by the export."""
    states = _logged_states(acts, on=on)
    told = [_bit(entry, bundle, on=on) for entry in _entries(credential)]
    states += [one.state for one in told if one.state]
    doubts = [one.doubt for one in told if one.doubt]
    listed = [one.day for one in told if one.day]
    days = [min(listed)] if told and len(listed) == len(told) else []
    if exported is not None:
        states += [exported["standing"]] if exported["standing"] != VALID else []
        day = date.fromisoformat(exported["as_of"])
        days.append(day)
        if on - day <= HOLDS:
            doubts = []
        elif not told:
            doubts.append(Reason.STATUS_STALE)
    elif not told:
        doubts.append(Reason.STATUS_UNKNOWN)
    days += _logged_days(acts)
    as_of = max((day for day in days if day <= on), default=None)
    ends = [(credential or {}).get("validUntil"), (exported or {}).get("valid_until")]
    until = [end.date() for end in (moment(str(one)) for one in ends if one) if end]
    for worst in ("withdrawn", "superseded", "suspended", "in preparation"):
        if worst in states:
            return Stood(worst, as_of)
    if any(day < on for day in until) or "expired" in states:
        return Stood("expired", as_of)
    if not doubts:
        return Stood(VALID, as_of)
    return Stood(VALID_THEN if as_of else UNKNOWN, as_of, tuple(doubts))


@dataclass(frozen=True)
class _Told:
    """What a status list says of a credential."""

    state: str = ""
    doubt: Reason | None = None
    day: date | None = None
    """The list's own."""


def _logged_states(acts: Sequence[dict[str, Any]], *, on: date) -> list[str]:
    """What became of it by the log until a day."""
    past = [act for act in acts if "on" in act and date.fromisoformat(act["on"]) <= on]
    told = [str(act["act"]) for act in past]
    is_suspended = told.count("suspended") > told.count("reinstated")
    ended = [word for word in ("withdrawn", "superseded") if word in told]
    return [*ended, *(["suspended"] if is_suspended else [])]


def _logged_days(acts: Sequence[dict[str, Any]]) -> list[date]:
    """When it counted by the log. Whoever hands a proof over may leave later acts out of it, so
    that it says nothing of the day on which it was made."""
    told = [act for act in acts if act["act"] in {"issued", "reinstated"}]
    return [date.fromisoformat(str(act.get("on") or act["at"][:10])) for act in told]


def _entries(credential: dict[str, Any] | None) -> list[dict[str, Any]]:
    found = (credential or {}).get("credentialStatus", [])
    found = found if isinstance(found, list) else [found]
    return [one for one in found[:8] if isinstance(one, dict)]


def _bit(entry: dict[str, Any], bundle: Carried, *, on: date) -> _Told:
    one = bundle.lists.get(str(entry.get("statusListCredential")))
    if one is None:
        return _Told(doubt=Reason.STATUS_UNKNOWN)
    try:
        index = int(entry["statusListIndex"])
        is_set = bits.is_set(one["credentialSubject"]["encodedList"], index)
        purpose = one["credentialSubject"]["statusPurpose"]
    except (KeyError, ValueError, TypeError, IndexError):
        return _Told(doubt=Reason.STATUS_UNKNOWN)
    signed = moment(str(one.get("validFrom", ""))) or bundle.made_at
    if is_set:
        state = {"revocation": "withdrawn"}.get(purpose, "suspended")
        return _Told(state, day=signed.date())
    until = moment(str(one.get("validUntil", "")))
    is_stale = until is None or until.date() < on
    return _Told(doubt=Reason.STATUS_STALE if is_stale else None, day=signed.date())
