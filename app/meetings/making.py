"""Asking for meetings, following the plan, taking them back. Jobs carry it out."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.agenda.planning import is_link
from app.agenda.sessions import WebinarSession
from app.enrolments.models import DOORS_OPEN
from app.errors import Refusal
from app.jobs import hand_over
from app.journal.models import record
from app.meetings.accounts import PlatformAccount
from app.meetings.models import Meeting, Task, new_key
from app.meetings.platform import Provider, Room
from app.texts import gettext as _

EARLIER = timedelta(minutes=5)
"""So long before the doors open, a platform that needs it is told to open."""
REPORT_AFTER = timedelta(minutes=30)
REPORT_UNTIL = timedelta(days=3)
REPORTING = (Provider.ZOOM, Provider.TEAMS)


def ask(
    session: Session, activity: Activity, of: WebinarSession, account: PlatformAccount | None, *,
    link: str = "", by: Person, at: datetime,
) -> Meeting:  # fmt: skip
    """Have a meeting made for a session; behind a plain link there is nothing to make."""
    if activity.cancelled_at is not None:
        raise Refusal(_("This webinar is cancelled."))
    if of.has_ended(at):
        raise Refusal(_("This session is over."))
    if session.scalars(live(of)).first() is not None:
        raise Refusal(_("This session has its meeting already."))
    if account is None and not is_link(link):
        raise Refusal(_("A link begins with https://."))
    if account is not None and account.retired_at is not None:
        raise Refusal(_("This account is not used any longer."))
    meeting = Meeting(activity=activity, session=of, account=account, key=new_key(), by=by,
                      asked_at=at, next_at=at)  # fmt: skip
    meeting.arrange(of, activity.title)
    session.add(meeting)
    record(session, "meeting.asked", by=by, at=at, on=meeting, societies=activity.societies,
           activity=activity.id, part=of.position,
           account=account.name if account else "")  # fmt: skip
    if account is None:
        made(session, meeting, Room("", link), at=at)
    else:
        meeting.set(Task.MAKE, at=at)
        hand_over(session, "meetings.act", meeting)
    return meeting


def made(session: Session, meeting: Meeting, room: Room, *, at: datetime) -> None:
    """The platform has made it. A webinar without a link has one now."""
    meeting.external_id, meeting.address, meeting.made_at = room.id, room.address, at
    activity = meeting.activity
    if not activity.link and room.address:
        activity.link = room.address
    record(session, "meeting.made", by=None, at=at, on=meeting, societies=activity.societies,
           activity=activity.id)  # fmt: skip


def try_again(session: Session, meeting: Meeting, *, by: Person, at: datetime) -> None:
    """What failed is tried again."""
    if meeting.task is None or not meeting.has_failed:
        raise Refusal(_("Nothing has failed here."))
    meeting.set(meeting.task, at=at)
    meeting.attempts = 1  # it was tried before: the platform is asked first what came of that
    record(session, "meeting.tried-again", by=by, at=at, on=meeting,
           societies=meeting.activity.societies, task=str(meeting.task))  # fmt: skip
    hand_over(session, "meetings.act", meeting)


def take_back(
    session: Session, meeting: Meeting, *, by: Person | None, at: datetime, reason: str = ""
) -> None:
    """End it, or take it off the platform's calendar; another may be made then."""
    if meeting.ended_at is not None or (meeting.task is Task.END and not meeting.has_failed):
        return
    record(session, "meeting.taken-back", by=by, at=at, on=meeting,
           societies=meeting.activity.societies, activity=meeting.activity_id,
           reason=reason)  # fmt: skip
    if meeting.account is None or (meeting.made_at is None and not meeting.attempts):
        ended(meeting, at=at)
        return
    meeting.set(Task.END, at=at)
    hand_over(session, "meetings.act", meeting)


def ended(meeting: Meeting, *, at: datetime) -> None:
    """It is not there any longer, nor is its link."""
    meeting.settle()
    meeting.ended_at = at
    if meeting.address and meeting.activity.link == meeting.address:
        meeting.activity.link = ""


def give_up(session: Session, meeting: Meeting, *, by: Person, at: datetime) -> None:
    """Leave a meeting to its platform that cannot be ended from here."""
    if meeting.task is not Task.END or not meeting.has_failed:
        raise Refusal(_("This meeting can still be taken back."))
    record(session, "meeting.given-up", by=by, at=at, on=meeting,
           societies=meeting.activity.societies, activity=meeting.activity_id)  # fmt: skip
    ended(meeting, at=at)


def fetch(session: Session, meeting: Meeting, *, by: Person, at: datetime) -> None:
    """Ask the platform again who was there."""
    if meeting.account is None or meeting.account.provider not in REPORTING:
        raise Refusal(_("This platform gives no report on being asked."))
    if not meeting.is_made or meeting.starts_at > at:
        raise Refusal(_("There is no report before the session."))
    meeting.set(Task.FETCH, at=at)
    record(session, "meeting.report-asked", by=by, at=at, on=meeting,
           societies=meeting.activity.societies, activity=meeting.activity_id)  # fmt: skip
    hand_over(session, "meetings.act", meeting)


def follow(session: Session, *, at: datetime) -> int:
    """Bring meetings to where the plan is now; answer how many had to be."""
    changed = 0
    for meeting in session.scalars(astray(at)).unique():
        changed += 1
        of = meeting.session
        if of is None or meeting.activity.cancelled_at is not None:
            take_back(session, meeting, by=None, at=at, reason="the plan")
            continue
        moved = meeting.starts_at != of.starts_at
        meeting.arrange(of, meeting.activity.title)
        if moved:
            meeting.opened_at = None
        record(session, "meeting.moved", by=None, at=at, on=meeting,
               societies=meeting.activity.societies,
               starts_at=of.starts_at.isoformat())  # fmt: skip
        if meeting.account is not None and meeting.made_at is not None:
            meeting.set(Task.CHANGE, at=at)
            hand_over(session, "meetings.act", meeting)
    for task, due in ((Task.OPEN, to_open(at)), (Task.FETCH, to_fetch(at))):
        for meeting in session.scalars(due):
            changed += 1
            meeting.set(task, at=at)
            hand_over(session, "meetings.act", meeting)
    return changed


def live(of: WebinarSession) -> Select[Meeting]:
    """The meeting of a session."""
    return select(Meeting).where(Meeting.session_id == of.id, Meeting.ended_at.is_(None))


def astray(at: datetime) -> Select[Meeting]:
    """Meetings ahead that are not where the plan is."""
    plan = WebinarSession
    return (
        select(Meeting)
        .join(Activity, Activity.id == Meeting.activity_id)
        .outerjoin(plan, plan.id == Meeting.session_id)
        .where(
            Meeting.ended_at.is_(None),
            or_(Meeting.ends_at > at, plan.ends_at > at),
            or_(Meeting.task.is_(None), Meeting.task != Task.END),
            or_(
                plan.id.is_(None),
                Activity.cancelled_at.is_not(None),
                plan.starts_at != Meeting.starts_at,
                plan.ends_at != Meeting.ends_at,
                plan.zone != Meeting.zone,
                Activity.title != Meeting.title,
            ),
        )
        .order_by(Meeting.id)
    )


def to_open(at: datetime) -> Select[Meeting]:
    """Meetings whose platform must be told that people will come."""
    return _resting(at, Provider.BIGBLUEBUTTON).where(
        Meeting.opened_at.is_(None),
        Meeting.starts_at <= at + DOORS_OPEN + EARLIER,
        Meeting.ends_at > at,
    )


def to_fetch(at: datetime) -> Select[Meeting]:
    """Meetings that are over, and whose report has not been asked for."""
    return _resting(at, *REPORTING).where(
        Meeting.fetched_at.is_(None),
        and_(Meeting.ends_at <= at - REPORT_AFTER, Meeting.ends_at > at - REPORT_UNTIL),
    )


def meetings_ahead(session: Session, account: PlatformAccount, *, at: datetime) -> int:
    """How many meetings to come are held on an account."""
    ahead = select(Meeting.id).where(
        Meeting.account_id == account.id, Meeting.ended_at.is_(None), Meeting.ends_at > at
    )
    return len(session.scalars(ahead).all())


def _resting(at: datetime, *providers: Provider) -> Select[Meeting]:
    """Meetings on these platforms about which nothing is being done."""
    return (
        select(Meeting)
        .join(PlatformAccount, PlatformAccount.id == Meeting.account_id)
        .where(
            PlatformAccount.provider.in_(providers),
            PlatformAccount.retired_at.is_(None),
            Meeting.made_at.is_not(None),
            Meeting.ended_at.is_(None),
            Meeting.task.is_(None),
        )
        .order_by(Meeting.id)
    )
