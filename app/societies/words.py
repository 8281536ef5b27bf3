"""The words for the offices."""

from __future__ import annotations

from app.societies.models import Office
from app.texts import gettext as _


def offices() -> dict[str, str]:
    """Each office as people call it."""
    return {
        Office.COURSE_ADMINISTRATOR: _("Course administrator"),
        Office.EDUCATION_OFFICER: _("Education officer"),
        Office.PRESIDENT: _("President"),
        Office.AUDITOR: _("Auditor"),
        Office.PLATFORM_ADMINISTRATOR: _("Platform administrator"),
    }
