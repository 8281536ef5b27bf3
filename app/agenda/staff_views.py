"""The desk of the course administrators: what their societies plan and announce."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.access import Audience, one_or_404, open_to, society_ids
from app.agenda.models import Activity
from app.societies.models import Office

blueprint = Blueprint("agenda_staff", __name__, url_prefix="/desk/activities")


@blueprint.get("")
@open_to(Audience.ADMINISTRATOR)
def index() -> str:
    return render_template("agenda_staff/index.html")


@blueprint.get("/<int:id>")
@open_to(Audience.ADMINISTRATOR)
def show(id: int) -> str:
    reach = Activity.organised_by(society_ids(Office.COURSE_ADMINISTRATOR))
    activity = one_or_404(reach.where(Activity.id == id))
    return render_template("agenda_staff/show.html", activity=activity)
