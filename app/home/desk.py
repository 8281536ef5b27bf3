"""The desk: what waits for whoever holds an office, the most pressing first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.consents import waiting_for
from app.agenda.kinds import Role
from app.agenda.models import Activity, Announcement, Kind, Organiser
from app.agenda.series import Series, SeriesPlace
from app.attendance.models import Participant, PresenceReport, Settlement
from app.awards.desk import awaited, before_the_keys
from app.contests.models import Contest
from app.credentials.corrections import counted
from app.credentials.models import Credential
from app.credentials.reach import within
from app.disclosures.models import REVIEWERS
from app.disclosures.queries import to_review
from app.open_badges.queries import unendorsed
from app.outbox.models import Message
from app.rechecks.queries import in_doubt, is_any_open, standing
from app.sealing.queries import numbers
from app.signing_keys.queries import without_seal
from app.societies.models import OFFICERS, Mandate, Office, Society
from app.texts import gettext as _
from app.texts import ngettext
from app.transparency import queries as log

MOST = 8
FIRST = 3
"""Of what is in doubt, so that a bad day does not hide what else waits."""


@dataclass(frozen=True)
class Turn:
    """Something that waits for this person."""

    text: str
    quiet: str
    label: str
    href: str
    kind: str = "turn"


def turns(
    session: Session, person: Person, mandates: Sequence[Mandate], *, at: datetime, on: date
) -> list[Turn]:
    """Everything that waits, keys to turn before presence to settle before drafts to announce."""
    mine = _societies(mandates, Office.COURSE_ADMINISTRATOR)
    keys = _societies(mandates, *OFFICERS)
    found: list[Turn] = []
    asked = 0
    if mine or keys:
        asked, has_findings = _documents(session, person, mine, keys)
        if has_findings:
            found += _in_doubt(session, mine, keys)
    if keys:
        found += _keys(session, person, keys, on)
        found += _lists(session, keys)
        found += _seals(session, keys, at)
        found += _signatures(session, keys, at)
        found += _log(session, keys, at)
        found += _endorsements(session, keys, on)
    if reviewers := _societies(mandates, *REVIEWERS):
        found += _reviews(session, reviewers, at)
    if asked:
        found.append(_corrections(asked))
    if mine:
        found += _presence(session, mine, at)
        found += _contests(session, mine)
        found += _consents(session, mine)
        found += _drafts(session, mine)
    if any(m.office in {Office.PLATFORM_ADMINISTRATOR, Office.AUDITOR} for m in mandates):
        found += _rechecks(session, at)
    if any(m.office is Office.PLATFORM_ADMINISTRATOR for m in mandates):
        found += _platform(session)
    return found


def _societies(mandates: Sequence[Mandate], *which: Office) -> list[Society]:
    return [m.society for m in mandates if m.office in which and m.society is not None]


def _documents(
    session: Session, person: Person, organising: list[Society], awarding: list[Society]
) -> tuple[int, bool]:
    """How many holders ask for another name, and whether rechecks have found anything at all."""
    reach = within(organising=[s.id for s in organising], awarding=[s.id for s in awarding])
    number, has_findings = session.execute(select(counted(reach, by=person), is_any_open())).one()
    return number, has_findings


def _in_doubt(
    session: Session, organising: list[Society], awarding: list[Society]
) -> Iterator[Turn]:
    """What was issued and is no longer what it was: those who issued it hear of it first."""
    keys = [s.id for s in awarding]
    reach = within(organising=[*keys, *(s.id for s in organising)], awarding=keys)
    found = in_doubt(session, reach, keys, most=FIRST)
    for award_list in found.lists:
        yield Turn(
            _("In doubt: the award list %(title)s", title=award_list.title),
            _("A recheck has found that it is not what was approved and released, and its diplomas "
              "rest on it. The platform's administrators were written to."),
            _("Open the list"),
            url_for("awards.show", id=award_list.id),
            "bad",
        )  # fmt: skip
    for one in found.documents:
        yield Turn(
            _("In doubt: %(title)s, %(serial)s", title=one.title, serial=one.serial),
            _("A recheck has found that it is not what the log or its file says. Compare it with "
              "what you know; the platform's administrators were written to."),
            _("See the document"),
            url_for("credentials_staff.show", serial=one.serial),
            "bad",
        )  # fmt: skip
    if more := found.number - len(found.documents):
        yield Turn(
            ngettext("%(num)d more document of yours is in doubt.",
                     "%(num)d more documents of yours are in doubt.", more),
            _("Ask the platform's administrators for the whole list; they settle each in words."),
            _("Issued certificates"),
            url_for("credentials_staff.index"),
            "bad",
        )  # fmt: skip


def _keys(session: Session, person: Person, societies: list[Society], on: date) -> Iterator[Turn]:
    mine = [s.id for s in societies]
    for award_list, society in awaited(session, person, mine, on=on, most=MOST):
        yield Turn(
            _(
                "The approval of %(society)s is awaited: %(title)s",
                society=society.short,
                title=award_list.title,
            ),
            _("Look at the frozen list and its digest, then approve or have it changed."),
            _("Open the list"),
            url_for("awards.show", id=award_list.id),
        )


def _lists(session: Session, societies: list[Society]) -> Iterator[Turn]:
    for step in before_the_keys(session, [s.id for s in societies])[:MOST]:
        if step.kind == "freeze":
            yield Turn(
                _("A list to freeze: %(title)s", title=step.title),
                _("Read it. Once it is frozen, each awarding society is asked to approve it."),
                _("Open the list"),
                url_for("awards.show", id=step.id),
            )
        else:
            yield Turn(
                ngettext(
                    "%(num)d candidate is on no award list: %(title)s",
                    "%(num)d candidates are on no award list: %(title)s",
                    step.candidates,
                    title=step.title,
                ),
                _("They have applied, and wait until an officer draws up a list."),
                _("Draw up a list"),
                url_for("awards.draw_up", id=step.id),
            )


def _seals(session: Session, societies: list[Society], at: datetime) -> Iterator[Turn]:
    for society, lacks_seal in without_seal(session, [s.id for s in societies], at=at):
        if lacks_seal:
            yield Turn(
                _("%(society)s has no seal in force: make it in a minute", society=society.short),
                _("Its diplomas wait until there is one."),
                _("Make the seal"),
                url_for("keys_acts.make", code=society.code),
            )
        else:
            yield Turn(
                _("%(society)s has no key for its credentials", society=society.short),
                _("Its diplomas wait until there is one. Open the former key, and make the next."),
                _("Open the keys"),
                url_for("keys_staff.index"),
            )


def _signatures(session: Session, societies: list[Society], at: datetime) -> Iterator[Turn]:
    for society, number in numbers(session, [s.id for s in societies], at=at):
        yield Turn(
            ngettext(
                "%(num)d diploma waits for the signature of %(society)s",
                "%(num)d diplomas wait for the signature of %(society)s",
                number,
                society=society.short,
            ),
            _("Fetch the files, sign them where your key is, and hand the signatures in."),
            _("Sign them"),
            url_for("seals_staff.index"),
        )


def _log(session: Session, societies: list[Society], at: datetime) -> Iterator[Turn]:
    for society in log.awaited(session, [s.id for s in societies], at=at):
        yield Turn(
            _("The countersignature of %(society)s under the log is due", society=society.short),
            _("With its signature nobody can rewrite unseen what was issued and withdrawn so far."),
            _("Look and sign"),
            url_for("transparency_staff.index"),
        )


def _endorsements(session: Session, societies: list[Society], on: date) -> Iterator[Turn]:
    waiting = unendorsed([society.id for society in societies], on=on, most=MOST)
    for society, edition in session.execute(waiting):
        yield Turn(
            _("%(society)s is named as endorsing: %(title)s",
              society=society.short, title=f"{edition.scheme.title}, {edition.name}"),
            _("Say in its own words why it does."),
            _("Give the statement"),
            url_for("endorsements.endorse", id=edition.id),
            "waiting",
        )  # fmt: skip


def _reviews(session: Session, societies: list[Society], at: datetime) -> Iterator[Turn]:
    ids = [society.id for society in societies]
    for waiting in to_review(session, ids, at=at, most=MOST):
        yield Turn(
            ngettext(
                "%(num)d declaration to review: %(title)s",
                "%(num)d declarations to review: %(title)s",
                waiting.number,
                title=waiting.title,
            ),
            _("Somebody who is not concerned looks at the financial relationships declared."),
            _("Review"),
            url_for("disclosures.index", id=waiting.id),
        )


def _corrections(number: int) -> Turn:
    return Turn(
        ngettext(
            "%(num)d holder asks for another name", "%(num)d holders ask for another name", number
        ),
        _("Grant it, or decline it with a reason. The holder is written to."),
        _("Read and answer"),
        url_for("credentials_staff.index", corrections=1),
    )


def _presence(session: Session, societies: list[Society], at: datetime) -> Iterator[Turn]:
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


def _contests(session: Session, societies: list[Society]) -> Iterator[Turn]:
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


def _consents(session: Session, societies: list[Society]) -> Iterator[Turn]:
    for activity in waiting_for(session, [society.id for society in societies], most=MOST):
        yield Turn(
            _("Your consent is awaited: %(title)s", title=activity.title),
            _("It bears your society's name; it is announced once you agree."),
            _("Look at the plan"),
            url_for("agenda_staff.show", id=activity.id),
        )


def _drafts(session: Session, societies: list[Society]) -> Iterator[Turn]:
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


def _rechecks(session: Session, at: datetime) -> Iterator[Turn]:
    """An alarm when nothing is read again any more, and what was found."""
    found = standing(session, at=at)
    see, href = _("See it"), url_for("rechecks.index")
    if found.stopped:
        text = _("Nothing that was issued is being rechecked any more.")
        yield Turn(text, found.stopped, see, href, "bad")
    if found.open:
        text = ngettext(
            "%(num)d thing is not what the register says.",
            "%(num)d things are not what the register says.",
            found.open,
        )
        yield Turn(text, _("A recheck has found it. Somebody has to look into it."), see, href,
                   "bad")  # fmt: skip


def _platform(session: Session) -> Iterator[Turn]:
    failed = session.scalar(select(func.count()).where(Credential.is_failed()))
    unsent = session.scalar(
        select(func.count()).where(Message.waits.is_(False), ~Message.delivery.has())
    )
    if failed:
        text = ngettext(
            "%(num)d document could not be made.", "%(num)d documents could not be made.", failed
        )
        yield Turn(
            text,
            _("See why; once the cause is mended, have them all tried again."),
            _("See them"),
            url_for("credentials_staff.index", failed=1),
            "bad",
        )
    if unsent:
        text = ngettext(
            "%(num)d message could not be sent.", "%(num)d messages could not be sent.", unsent
        )
        yield Turn(
            text, _("See why, and send it again."), _("Outbox"), url_for("outbox.index"), "bad"
        )


def _held_by(societies: list[Society]) -> Select[int]:
    return select(Organiser.activity_id).where(Organiser.society_id.in_([s.id for s in societies]))
