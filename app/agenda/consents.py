"""The desk: asking the societies beside the leading one for their consent, and giving it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import mail
from app.access import Audience, current_person, one_or_404, open_to, society_ids
from app.accounts.models import Person
from app.agenda import acts
from app.agenda.changes import Consent
from app.agenda.models import Activity, Announcement, Organiser, Role
from app.clock import now, today
from app.db import db
from app.errors import Refusal
from app.journal.models import record
from app.societies.models import Mandate, Office, Society
from app.web import external_url

blueprint = Blueprint("agenda_consents", __name__, url_prefix="/desk/activities/<int:id>/consent")


@blueprint.post("")
@open_to(Audience.ADMINISTRATOR)
def give(id: int) -> Response:
    """Agree, for each of the person's societies that is awaited."""
    mine = society_ids(Office.COURSE_ADMINISTRATOR)
    activity = one_or_404(Activity.organised_by(mine).where(Activity.id == id))
    own = [society for society in activity.beside if society.id in mine]
    if not own:
        raise Refusal(_("Your society leads this: it announces it, and need not consent."))
    for society in own:
        acts.consent(activity, society, by=current_person(), at=now())
    flash(_("The consent of %(society)s is given.", society=own[0].short), "good")
    return redirect(url_for("agenda_staff.show", id=id), 303)


@blueprint.post("/asked")
@open_to(Audience.ADMINISTRATOR)
def ask(id: int) -> Response:
    """Ask the administrators of the societies that are awaited."""
    reach = Activity.led_by(society_ids(Office.COURSE_ADMINISTRATOR))
    activity = one_or_404(reach.where(Activity.id == id))
    asked = ask_for_consent(db.session, activity, by=current_person(), at=now(), on=today())
    if not asked:
        raise Refusal(_("No administrator of the societies that are awaited holds office today."))
    flash(_("Asked by mail: %(names)s.", names=", ".join(p.name for p in asked)), "good")
    return redirect(url_for("agenda_staff.show", id=id), 303)


def ask_for_consent(
    session: Session, activity: Activity, *, by: Person, at: datetime, on: date
) -> list[Person]:
    """Write to the course administrators of each society that is awaited; answer to whom."""
    asked: list[Person] = []
    for society in activity.awaited_consents:
        for person in _administrators(session, society, on):
            mail.write(
                session, "agenda/consent", to=person.address, at=at, person_id=person.id,
                subject=_("Your consent is asked for: %(title)s", title=activity.title),
                name=person.name, zone=person.zone, title=activity.title, society=society.short,
                lead=activity.lead.name, asker=by.name, windows=activity.windows,
                url=external_url("agenda_staff.show", id=activity.id),
            )  # fmt: skip
            asked.append(person)
    if asked:
        record(session, f"{activity.kind}.consent_asked", by=by, at=at, on=activity,
               society_id=activity.lead.id, people=[person.id for person in asked])  # fmt: skip
    return asked


def waiting_for(session: Session, society_ids: Sequence[int], *, most: int) -> list[Activity]:
    """The drafts that wait for the consent of these societies, for their desk."""
    given = select(Consent.activity_id).where(
        Consent.society_id == Organiser.society_id, Consent.activity_id == Activity.id,
        Consent.void_at.is_(None),
    )  # fmt: skip
    waiting = (
        select(Activity)
        .join(Organiser, Organiser.activity_id == Activity.id)
        .join(Society, Society.id == Organiser.society_id)
        .outerjoin(Announcement, Announcement.activity_id == Activity.id)
        .where(
            Organiser.society_id.in_(society_ids), Organiser.role != Role.ORGANISER,
            Society.wants_to_consent, Announcement.activity_id.is_(None), ~given.exists(),
        )
        .order_by(Activity.id)
        .limit(most)
    )  # fmt: skip
    return list(session.scalars(waiting).unique())


def _administrators(session: Session, society: Society, on: date) -> list[Person]:
    mandates = Mandate.in_force(on=on).where(
        Mandate.society_id == society.id, Mandate.office == Office.COURSE_ADMINISTRATOR
    )
    return [mandate.person for mandate in session.scalars(mandates).unique()]
