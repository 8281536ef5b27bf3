"""Everything of a webinar as tables: a workbook (XLSX), or one CSV file for each in a ZIP."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import EmailAddress, Person
from app.agenda.models import Activity
from app.attendance.checks import AttendanceCheck, CheckAnswer
from app.attendance.models import Participant, Presence, PresenceReport
from app.attendance.standing import standing
from app.completions.models import Completion
from app.contests.models import Contest, Ruling
from app.credentials.models import Credential
from app.dialogue.models import FloorQuestion, Reply
from app.dialogue.polls import Poll, PollAnswer
from app.dialogue.tallying import indexes
from app.enrolments.models import Enrolment, Place
from app.evaluations.export import COLUMNS, lines
from app.evaluations.queries import form_of, report
from app.tables import Cell, written


@dataclass(frozen=True)
class Sheet:
    """One table: its name, what its columns are called, and its rows."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def sheets(session: Session, activity: Activity, *, at: datetime) -> list[Sheet]:
    """All tables. Moments are ISO 8601 in the zone of the webinar."""
    return [
        _webinar(activity),
        _people(session, activity),
        _reports(session, activity),
        _contests(session, activity),
        _codes(session, activity),
        _questions(session, activity),
        _polls(session, activity),
        _evaluation(session, activity, at),
    ]


def workbook(tables: Iterable[Sheet]) -> bytes:
    """The tables as one XLSX file; every text is written as text, so none becomes a formula."""
    import xlsxwriter

    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True})
        for table in tables:
            sheet = book.add_worksheet(table.name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(table.columns) - 1, 22)
            for place, column in enumerate(table.columns):
                sheet.write_string(0, place, column, bold)
            for line, row in enumerate(table.rows, 1):
                for place, cell in enumerate(row):
                    if isinstance(cell, int):
                        sheet.write_number(line, place, cell)
                    elif cell:
                        sheet.write_string(line, place, cell)
    return held.getvalue()


def archive(tables: Iterable[Sheet]) -> bytes:
    """The tables as CSV files in one ZIP."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as files:
        for table in tables:
            files.writestr(f"{table.name}.csv", written(table.columns, table.rows))
    return held.getvalue()


def _webinar(activity: Activity) -> Sheet:
    rows: list[Sequence[Cell]] = [
        ("title", activity.title),
        ("societies", ", ".join(society.short for society in activity.societies)),
        ("zone", activity.zone),
        *(("session", f"{_moment(start, activity)}/{_moment(end, activity)}")
          for start, end in activity.windows),
        ("language", activity.language),
        ("threshold_percent", activity.threshold),
        ("capacity", activity.capacity),
        ("speakers", "; ".join(speaker.name for speaker in activity.speakers)),
    ]  # fmt: skip
    return Sheet("webinar", ("what", "value"), rows)


def _people(session: Session, activity: Activity) -> Sheet:
    known = standing(session, activity)
    serial = (
        select(func.min(Credential.serial))
        .where(Credential.completion_id == Completion.id, Credential.version == 1)
        .scalar_subquery()
    )
    found = session.execute(
        select(
            Enrolment.id, Person.name, EmailAddress.address, Person.profession, Person.country,
            Enrolment.at, Enrolment.ended_at, Place.number, Completion.seconds, serial,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(
            EmailAddress, (EmailAddress.person_id == Person.id) & EmailAddress.is_first
        )
        .outerjoin(Place, Place.enrolment_id == Enrolment.id)
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .where(Enrolment.activity_id == activity.id)
        .order_by(Enrolment.id)
    )  # fmt: skip

    def rows() -> Iterator[Sequence[Cell]]:
        for id, name, address, profession, country, at, ended, place, counted, number in found:
            measured = known.measured(id)
            yield (
                id, name, address, str(profession or ""), country, _moment(at, activity),
                "withdrawn" if ended else "place" if place else "waiting",
                measured.seconds, counted, number,
            )  # fmt: skip

    columns = ("enrolment", "name", "address", "profession", "country", "enrolled_at", "state",
               "seconds_present", "seconds_counted", "certificate")  # fmt: skip
    return Sheet("people", columns, list(rows()))


def _reports(session: Session, activity: Activity) -> Sheet:
    found = session.execute(
        select(
            PresenceReport.file_name, PresenceReport.provider, Participant.name,
            Participant.address, Participant.role, Participant.enrolment_id,
            Presence.joined_at, Presence.left_at,
        )
        .join(Participant, Participant.report_id == PresenceReport.id)
        .join(Presence, Presence.participant_id == Participant.id)
        .where(PresenceReport.activity_id == activity.id, PresenceReport.ended_at.is_(None))
        .order_by(Participant.id, Presence.joined_at)
    )  # fmt: skip
    rows = [
        (*told[:6], _moment(told[6], activity), _moment(told[7], activity))
        for told in found
    ]  # fmt: skip
    columns = ("file", "platform", "name", "address", "role", "enrolment", "joined", "left")
    return Sheet("reports", columns, rows)


def _contests(session: Session, activity: Activity) -> Sheet:
    found = session.execute(
        select(
            Contest.enrolment_id, Contest.at, Contest.cause, Contest.account, Contest.measured,
            Ruling.at, Ruling.seconds, Ruling.reason,
        )
        .outerjoin(Ruling, Ruling.contest_id == Contest.id)
        .where(Contest.activity_id == activity.id)
        .order_by(Contest.id)
    )  # fmt: skip
    rows = [
        (id, _moment(at, activity), str(cause), account, measured,
         _moment(ruled, activity) if ruled else None, counted, reason)
        for id, at, cause, account, measured, ruled, counted, reason in found
    ]  # fmt: skip
    columns = ("enrolment", "contested_at", "cause", "account", "seconds_measured", "ruled_at",
               "seconds_counted", "reason")  # fmt: skip
    return Sheet("contests", columns, rows)


def _codes(session: Session, activity: Activity) -> Sheet:
    found = session.execute(
        select(
            AttendanceCheck.word, AttendanceCheck.opens_at, CheckAnswer.enrolment_id,
            CheckAnswer.at, CheckAnswer.how,
        )
        .join(CheckAnswer, CheckAnswer.check_id == AttendanceCheck.id)
        .where(AttendanceCheck.activity_id == activity.id, AttendanceCheck.ended_at.is_(None))
        .order_by(AttendanceCheck.opens_at, CheckAnswer.at)
    )  # fmt: skip
    rows = [
        (word, _moment(opens, activity), enrolment, _moment(at, activity), how)
        for word, opens, enrolment, at, how in found
    ]  # fmt: skip
    return Sheet("codes", ("code", "shown_at", "enrolment", "answered_at", "how"), rows)


def _questions(session: Session, activity: Activity) -> Sheet:
    found = session.execute(
        select(
            FloorQuestion.at, FloorQuestion.text, FloorQuestion.votes, FloorQuestion.is_named,
            Person.name, FloorQuestion.hidden_at, FloorQuestion.answered_at, Reply.text,
        )
        .join(Person, Person.id == FloorQuestion.person_id)
        .outerjoin(Reply, Reply.question_id == FloorQuestion.id)
        .where(FloorQuestion.activity_id == activity.id)
        .order_by(FloorQuestion.votes.desc(), FloorQuestion.id)
    )  # fmt: skip
    rows = [
        (_moment(at, activity), text, votes, name if is_named else "",
         "hidden" if hidden else "answered" if answered else "open", reply)
        for at, text, votes, is_named, name, hidden, answered, reply in found
    ]  # fmt: skip
    columns = ("asked_at", "question", "votes", "asked_by", "state", "answer")
    return Sheet("questions", columns, rows)


def _polls(session: Session, activity: Activity) -> Sheet:
    """How many chose what; who chose it stays with the poll."""
    chosen: dict[int, Counter[int]] = {}
    counted = (
        select(PollAnswer.poll_id, PollAnswer.chosen, func.count())
        .join(Poll, Poll.id == PollAnswer.poll_id)
        .where(Poll.activity_id == activity.id)
        .group_by(PollAnswer.poll_id, PollAnswer.chosen)
    )
    polls = session.scalars(Poll.of(activity.id)).all()
    of = {poll.id: len(poll.choices) for poll in polls}
    for poll_id, bits, count in session.execute(counted):
        for index in indexes(bits, of[poll_id]):
            chosen.setdefault(poll_id, Counter())[index] += count
    rows = [
        (poll.text, str(choice), chosen.get(poll.id, Counter())[index],
         _moment(poll.opened_at, activity) if poll.opened_at else None)
        for poll in polls
        for index, choice in enumerate(poll.choices)
    ]  # fmt: skip
    return Sheet("polls", ("poll", "choice", "count", "opened_at"), rows)


def _evaluation(session: Session, activity: Activity, at: datetime) -> Sheet:
    """No more than the report shows: nothing of fewer than five answers, and nobody's name."""
    form = form_of(session, activity.id)
    items = report(session, form, at=at).items if form else ()
    return Sheet("evaluation", COLUMNS, [line for item in items for line in lines(item)])


def _moment(at: datetime, activity: Activity) -> str:
    return at.astimezone(ZoneInfo(activity.zone)).isoformat(timespec="seconds")
