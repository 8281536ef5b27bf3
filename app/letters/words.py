"""How groups are called."""

from __future__ import annotations

from app.letters.models import Group
from app.texts import gettext as _


def groups() -> dict[Group, str]:
    return {
        Group.PLACE: _("Those with a place"),
        Group.WAITING: _("Those who wait"),
        Group.PRESENT: _("Those who were there"),
        Group.ABSENT: _("Those with a place who were not there"),
    }
