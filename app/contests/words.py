"""How causes are called."""

from __future__ import annotations

from app.contests.models import Cause
from app.texts import gettext as _


def causes() -> dict[Cause, str]:
    return {
        Cause.RECONNECTED: _("My connection broke and I came back"),
        Cause.TELEPHONE: _("I listened by telephone"),
        Cause.TOGETHER: _("Several of us watched together in one room"),
        Cause.OTHER: _("Something else"),
    }
