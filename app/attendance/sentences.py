"""What the pages of presence say, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from app import locale
from app.attendance.matching import HOW, WHY_NOT, How, WhyNot
from app.attendance.models import Participant, PresenceReport
from app.attendance.plausibility import Doubt
from app.attendance.presence import Interval
from app.attendance.report import REASONS, Reason
from app.attendance.unreadable import Problem
from app.texts import gettext as _
from app.texts import ngettext


def problem(found: Problem | None) -> str:
    """Why a file cannot be read."""
    return found.sentence(_) if found else ""


def doubt(found: Doubt) -> str:
    return found.sentence(_, locale.moment)


def why(participant: Participant) -> str:
    """How it is known who somebody in a report is, or why it is not."""
    if participant.is_by_hand and participant.enrolment_id:
        return _("Matched by hand.")
    if participant.is_by_hand:
        return participant.reason
    values = {"name": participant.name, "address": participant.address}
    if participant.how in set(How):
        return _(HOW[How(participant.how)], **values)
    return _(WHY_NOT[WhyNot(participant.how)], **values)


def ignored(report: PresenceReport) -> list[str]:
    """The lines of a report that could not count."""
    return [_(REASONS[Reason(reason)], line=line) for line, reason in report.ignored]


def stays(intervals: Iterable[Interval]) -> str:
    """18:02 to 18:40 and 18:51 to 19:27"""
    spans = [
        _("%(start)s to %(end)s", start=locale.clock(one.joined), end=locale.clock(one.left))
        for one in intervals
    ]
    return _(" and ").join(spans) if spans else _("not during the session")


def lane(intervals: Iterable[Interval], within: Interval) -> list[tuple[float, float]]:
    """Where the intervals lie on the line of the session, in per cent: (start, width)."""
    whole = (within.left - within.joined).total_seconds()
    return [
        (
            round((one.joined - within.joined).total_seconds() * 100 / whole, 2),
            round((one.left - one.joined).total_seconds() * 100 / whole, 2),
        )
        for one in intervals
    ]


def taken_in(report: PresenceReport, *, is_new: bool) -> str:
    if is_new:
        return _("%(file)s is loaded.", file=report.file_name)
    return _("%(file)s was here already, so nothing was doubled.", file=report.file_name)


def decided(participant: Participant) -> str:
    """What has just been decided."""
    if participant.is_open:
        return _("It is open again who “%(name)s” is.", name=participant.name)
    if participant.is_set_aside:
        return _("“%(name)s” is set aside.", name=participant.name)
    return _("“%(name)s” is matched.", name=participant.name)


def to_settle(count: int) -> str:
    return ngettext(
        "%(num)d person in the report is not yet matched.",
        "%(num)d people in the report are not yet matched.",
        count,
    )
