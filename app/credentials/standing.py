"""How a credential stands on a day: the only place that knows."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from app.credentials.models import Credential


class Standing(StrEnum):
    PREPARING = "in preparation"
    VALID = "valid"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


def standing(credential: Credential, *, on: date) -> Standing:
    """Withdrawn outweighs superseded, superseded outweighs expired; valid through its last day.

    Nothing is valid before its file is committed.
    """
    if credential.revocation is not None and credential.revocation.on <= on:
        return Standing.WITHDRAWN
    if not credential.is_ready:
        return Standing.PREPARING
    if credential.supersession is not None and credential.supersession.on <= on:
        return Standing.SUPERSEDED
    if credential.valid_until is not None and credential.valid_until < on:
        return Standing.EXPIRED
    return Standing.VALID
