"""The desk: on which terms people come in."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.access import Audience, current_person, one_or_404, open_to, society_ids
from app.agenda import acts
from app.agenda.entry import Terms
from app.agenda.models import Activity
from app.agenda.terms_forms import DraftTermsForm, TermsForm, filled
from app.clock import now
from app.db import db
from app.forms import render_form
from app.societies.models import Office, Society

blueprint = Blueprint("agenda_terms", __name__, url_prefix="/desk/activities/<int:id>")


@blueprint.route("/registration", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def edit(id: int) -> Response | str | tuple[str, int]:
    reach = Activity.led_by(society_ids(Office.COURSE_ADMINISTRATOR))
    activity = one_or_404(reach.where(Activity.id == id))
    kind = DraftTermsForm if activity.is_webinar and not activity.is_announced else TermsForm
    form = kind(data=filled(activity))
    form.zone = activity.zone
    form.members_of.choices = [(s.id, s.short) for s in _societies(activity)]
    if form.validate_on_submit() and not _refused(form, terms := form.terms(activity)):
        acts.set_terms(activity, terms, by=current_person(), at=now())
        flash(_("Saved."), "good")
        return redirect(url_for("agenda_staff.show", id=id), 303)
    return render_form("agenda_staff/terms.html", form, activity=activity)


def _societies(activity: Activity) -> Iterable[Society]:
    """Every society, those that hold it first."""
    own = {s.id for s in activity.societies}
    every = db.session.scalars(select(Society).order_by(Society.short)).all()
    return sorted(every, key=lambda society: society.id not in own)


def _refused(form: TermsForm, terms: Terms) -> bool:
    found = acts.against_terms(terms)
    for one in found:
        form[one.field].errors = [*form[one.field].errors, str(one)]
    return bool(found)
