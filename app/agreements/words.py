"""The words for what an agreement covers."""

from __future__ import annotations

from app.agreements.models import Scope
from app.texts import gettext as _


def scopes() -> dict[str, str]:
    """Each scope as its agreements name it."""
    return {
        Scope.WEBINARS: _("Webinars"),
        Scope.COURSES: _("Online courses"),
        Scope.CERTIFICATION: _("Certificates and diplomas"),
        Scope.PUBLICATIONS: _("Statements, guidelines and white papers"),
        Scope.RESEARCH: _("Research"),
        Scope.EXCHANGE: _("Exchange between the boards"),
    }
