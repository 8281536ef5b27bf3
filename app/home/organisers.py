"""What waits for course administrators: presence, contests, consents, drafts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session

from app.agenda.consents import waiting_for
from app.agenda.kinds import Role
from app.agenda.models import Activity, Announcement, Kind, Organiser
from app.agenda.series import Series, SeriesPlace
from app.attendance.models import Participant, PresenceReport, Settlement
from app.contests.models import Contest
from app.home.turn import MOST, Turn
from app.societies.models import Society
from app.texts import gettext as _
from app.texts import ngettext


def presence(session: Session, societies: list[Society], at: datetime) -> Iterator[Turn]:
    reports = select(PresenceReport.id).where(PresenceReport.activity_id == Activity.id).exists()
    unmatched = (
        select(func.count())
        .where(
            Participant.activity_id == Activity.id,
            Participant.enrolment_id.is_(None),
            Participant.decided_at.is_(None),
        )
        .scalar_subquery()
    )
    held = (
        select(
            Activity.id, Activity.title, reports.label("has_report"), unmatched.label("unmatched")
        )
        .join(Announcement)
        .outerjoin(Settlement, Settlement.activity_id == Activity.id)
        .where(Activity.id.in_(_held_by(societies)), Activity.kind == Kind.WEBINAR)
        .where(Activity.until_at <= at, Settlement.activity_id.is_(None))
        .where(Activity.cancelled_at.is_(None))
        .order_by(Activity.starts_at)
        .limit(MOST)
    )
    for row in session.execute(held):
        yield Turn(
            _("Presence to settle: %(title)s", title=row.title),
            _how_far(row.has_report, row.unmatched),
            _("Settle presence"),
            url_for("attendance.show", id=row.id),
        )


def _how_far(has_report: bool, unmatched: int) -> str:
    if not has_report:
        return _("Upload the report of the meeting platform; certificates follow.")
    if unmatched:
        return ngettext(
            "%(num)d person in the report is not matched yet.",
            "%(num)d people in the report are not matched yet.",
            unmatched,
        )
    return _("Everybody is matched: confirm it, and certificates follow.")


def contests(session: Session, societies: list[Society]) -> Iterator[Turn]:
    waiting = (
        select(Activity.id, Activity.title, func.count())
        .join(Contest, Contest.activity_id == Activity.id)
        .where(Activity.id.in_(_held_by(societies)), Contest.ruled_at.is_(None))
        .group_by(Activity.id, Activity.title)
        .order_by(func.min(Contest.at))
        .limit(MOST)
    )
    for id, title, count in session.execute(waiting):
        yield Turn(
            _("Contested presence: %(title)s", title=title),
            ngettext(
                "%(num)d person says that they were there longer.",
                "%(num)d people say that they were there longer.",
                count,
            ),
            _("Read and rule"),
            url_for("contests_staff.index", id=id),
        )


def consents(session: Session, societies: list[Society]) -> Iterator[Turn]:
    for activity in waiting_for(session, [society.id for society in societies], most=MOST):
        yield Turn(
            _("Your consent is awaited: %(title)s", title=activity.title),
            _("It bears your society's name; it is announced once you agree."),
            _("Look at the plan"),
            url_for("agenda_staff.show", id=activity.id),
        )


def drafts(session: Session, societies: list[Society]) -> Iterator[Turn]:
    """What they lead and have not announced, soonest first; a series that is theirs stands once."""
    led = _held_by(societies).where(Organiser.role == Role.ORGANISER)
    mine = select(Series.id).where(Series.society_id.in_([s.id for s in societies]))
    drafts = (
        select(Activity.id, Activity.title, SeriesPlace.series_id, Series.title.label("series"))
        .outerjoin(Announcement)
        .outerjoin(
            SeriesPlace,
            and_(SeriesPlace.activity_id == Activity.id, SeriesPlace.series_id.in_(mine)),
        )
        .outerjoin(Series, Series.id == SeriesPlace.series_id)
        .where(Activity.id.in_(led), Announcement.activity_id.is_(None))
        .where(Activity.cancelled_at.is_(None))
        .order_by(Activity.starts_at.is_(None), Activity.starts_at, Activity.id)
    )
    piles: dict[object, list[Row[int, str, int, str]]] = {}
    for row in session.execute(drafts):
        piles.setdefault(row.series_id or ("alone", row.id), []).append(row)
    for pile in [*piles.values()][:MOST]:
        yield _draft(pile)
    if left := sum(map(len, [*piles.values()][MOST:])):
        yield Turn(
            ngettext("%(num)d more draft", "%(num)d more drafts", left),
            _("They stand among the webinars and courses."),
            _("See the drafts"),
            url_for("agenda_staff.index", which="drafts"),
            "waiting",
        )


def _draft(pile: Sequence[Row[int, str, int, str]]) -> Turn:
    if len(pile) == 1:
        return Turn(
            _("A draft: %(title)s", title=pile[0].title),
            _("Nobody sees it before it is announced."),
            _("Go on with it"),
            url_for("agenda_staff.show", id=pile[0].id),
            "waiting",
        )
    return Turn(
        _("%(number)s drafts of a series: %(title)s", number=len(pile), title=pile[0].series),
        _("Nobody sees them before they are announced; all that are ready can be, at once."),
        _("Open the series"),
        url_for("series.show", id=pile[0].series_id),
        "waiting",
    )


def _held_by(societies: list[Society]) -> Select[int]:
    return select(Organiser.activity_id).where(Organiser.society_id.in_([s.id for s in societies]))
