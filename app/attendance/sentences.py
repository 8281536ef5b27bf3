"""What the pages of presence say, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app import locale
from app.agenda.kinds import Proof
from app.attendance.matching import HOW, WHY_NOT, How, WhyNot
from app.attendance.models import Participant, PresenceReport
from app.attendance.plausibility import Doubt
from app.attendance.presence import Interval, Measure
from app.attendance.report import NOTES, PROVIDERS, REASONS, Note, Provider, Reason
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


def notes(report: PresenceReport) -> list[str]:
    """What this kind of report cannot tell."""
    return [_(NOTES[Note(note)]) for note in report.notes]


def provider(report: PresenceReport) -> str:
    return _(PROVIDERS[Provider(report.provider)])


def lane(
    intervals: Iterable[Interval], windows: Sequence[Interval] | Interval
) -> list[tuple[float, float]]:
    """Where the intervals lie on the line of all sessions, in per cent: (start, width)."""
    sessions = [windows] if isinstance(windows, Interval) else [*windows]
    whole = sum((one.left - one.joined).total_seconds() for one in sessions)
    found, before = [], 0.0
    for window in sessions:
        for one in intervals:
            if part := one.clipped(window):
                start = before + (part.joined - window.joined).total_seconds()
                width = (part.left - part.joined).total_seconds()
                found.append((round(start * 100 / whole, 2), round(width * 100 / whole, 2)))
        before += (window.left - window.joined).total_seconds()
    return found


def bounds(measured: Measure) -> str:
    """What a sum proves and allows, in minutes."""
    return _(
        "a sum only: between %(least)s and %(most)s minutes",
        least=measured.seconds // 60, most=measured.most // 60,
    )  # fmt: skip


def rule(proofs: Iterable[Proof], threshold: int) -> str:
    """The rule by which somebody was there, as it was stamped on the webinar."""
    counted = set(proofs)
    told = _(
        "Somebody was there when the report shows them for at least %(percent)s of the session.",
        percent=locale.percent(threshold),
    )
    signs = {
        frozenset({Proof.CODE}): _("two thirds of the codes shown"),
        frozenset({Proof.POLL}): _("two thirds of the polls held"),
        frozenset({Proof.CODE, Proof.POLL}): _("two thirds of the codes shown and polls held"),
    }.get(frozenset(counted - {Proof.REPORT}))
    if signs is None:
        return told
    if Proof.REPORT not in counted:
        return _("Somebody was there when they answered %(signs)s.", signs=signs)
    return told + " " + _(
        "Where the report does not know them, or gives only a sum, they were there when they "
        "answered %(signs)s.", signs=signs,
    )  # fmt: skip


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


def confirmed(count: int) -> str:
    return ngettext(
        "%(num)d person is matched by name.", "%(num)d people are matched by name.", count
    )


def to_settle(count: int) -> str:
    return ngettext(
        "%(num)d person in the report is not yet matched.",
        "%(num)d people in the report are not yet matched.",
        count,
    )
