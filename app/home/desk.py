"""The desk: what waits for whoever holds an office, the most pressing first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.credentials.corrections import counted
from app.credentials.models import Credential
from app.credentials.reach import within
from app.disclosures.models import REVIEWERS
from app.disclosures.queries import to_review
from app.home import officers, organisers
from app.home.turn import MOST, Turn
from app.outbox.models import Message
from app.rechecks.queries import in_doubt, is_any_open, standing
from app.societies.models import OFFICERS, Mandate, Office, Society
from app.texts import gettext as _
from app.texts import ngettext

FIRST = 3
"""Of what is in doubt, so that a bad day does not hide what else waits."""


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
        found += officers.keys(session, person, keys, on)
        found += officers.lists(session, keys)
        found += officers.seals(session, keys, at)
        found += officers.signatures(session, keys, at)
        found += officers.countersignatures(session, keys, at)
        found += officers.endorsements(session, keys, on)
    if reviewers := _societies(mandates, *REVIEWERS):
        found += _reviews(session, reviewers, at)
    if asked:
        found.append(_corrections(asked))
    if mine:
        found += organisers.presence(session, mine, at)
        found += organisers.contests(session, mine)
        found += organisers.consents(session, mine)
        found += organisers.drafts(session, mine)
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
