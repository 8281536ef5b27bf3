"""The desk: asking the societies beside the leading one for their consent, and giving it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.access import Audience, current_person, one_or_404, open_to, society_ids
from app.agenda import acts
from app.agenda.consents import ask_for_consent, digest
from app.agenda.models import Activity
from app.clock import now, today
from app.db import db, hold
from app.errors import Refusal
from app.societies.models import Office

blueprint = Blueprint("agenda_consents", __name__, url_prefix="/desk/activities/<int:id>/consent")


@blueprint.post("")
@open_to(Audience.ADMINISTRATOR)
def give(id: int) -> Response:
    """Agree, for each of the person's societies that is awaited."""
    mine = society_ids(Office.COURSE_ADMINISTRATOR)
    hold(db.session, select(Activity.id).where(Activity.id == id))  # nobody changes it meanwhile
    activity = one_or_404(Activity.organised_by(mine).where(Activity.id == id))
    own = [society for society in activity.beside if society.id in mine]
    if not own:
        raise Refusal(_("Your society leads this: it announces it, and need not consent."))
    if request.form.get("seen") != digest(activity):
        raise Refusal(
            _("The plan has changed since you looked at it. Look at it once more, then agree.")
        )
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
