"""How a credential stands on a day: the only place that knows."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from app.credentials.models import Credential


class Standing(StrEnum):
    PREPARING = "in preparation"
    VALID = "valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


def standing(credential: Credential, *, on: date) -> Standing:
    """Withdrawn outweighs superseded, that outweighs suspended, and that outweighs expired.

    It is valid through its last day, and not before its file is committed.
    """
    if credential.revocation is not None and credential.revocation.on <= on:
        return Standing.WITHDRAWN
    if not credential.is_ready:
        return Standing.PREPARING
    if credential.supersession is not None and credential.supersession.on <= on:
        return Standing.SUPERSEDED
    if any(one.holds(on=on) for one in credential.suspensions):
        return Standing.SUSPENDED
    if credential.valid_until is not None and credential.valid_until < on:
        return Standing.EXPIRED
    return Standing.VALID
