"""How meetings and platforms are called where people read of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.meetings.models import Meeting, Task
from app.meetings.platform import Provider
from app.texts import gettext as _
from app.texts import ngettext


def providers() -> dict[str, str]:
    return {
        Provider.BIGBLUEBUTTON: "BigBlueButton",
        Provider.ZOOM: "Zoom",
        Provider.TEAMS: "Microsoft Teams",
    }


def standing(meeting: Meeting, at: datetime) -> tuple[str, str, str]:
    """How a meeting stands: the kind of its mark, a word, and a sentence where one is needed."""
    if meeting.has_failed:
        return "bad", _("Failed"), meeting.last_error
    if meeting.task is not None:
        word = {
            Task.MAKE: _("Being made"),
            Task.CHANGE: _("Being moved"),
            Task.OPEN: _("Opening"),
            Task.END: _("Being taken back"),
            Task.FETCH: _("Asking for the report"),
        }[meeting.task]
        return "warn", word, meeting.last_error
    if meeting.ends_at <= at:
        return "plain", _("Over"), ""
    return "good", _("Ready"), ""


def until(moment: datetime, at: datetime) -> str:
    """How long it is until then: in 3 days, in 2 hours and 5 minutes."""
    left = max(moment - at, timedelta(0)) + timedelta(seconds=59)
    days, hours, minutes = left.days, left.seconds // 3600, left.seconds % 3600 // 60
    if days >= 2:
        return ngettext("in %(num)d day", "in %(num)d days", days)
    if days:
        hours += 24
    if hours:
        told = ngettext("in %(num)d hour", "in %(num)d hours", hours)
        more = ngettext("%(num)d minute", "%(num)d minutes", minutes)
        return _("%(hours)s and %(minutes)s", hours=told, minutes=more) if minutes else told
    return ngettext("in %(num)d minute", "in %(num)d minutes", minutes)
