"""What the speakers handed in, for whoever has a place."""

from __future__ import annotations

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from app.access import Audience, current_person, one_or_404, open_to
from app.agenda.export import download
from app.agenda.profiles import Material
from app.clock import now
from app.db import db
from app.enrolments.models import Enrolment

blueprint = Blueprint("handouts", __name__, url_prefix="/enrolments/<int:id>/material")


@blueprint.get("/<int:material_id>")
@open_to(Audience.SIGNED_IN)
def show(id: int, material_id: int) -> Response:
    enrolment = one_or_404(Enrolment.whole(current_person()).where(Enrolment.id == id))
    activity = enrolment.activity
    material = one_or_404(Material.of(activity).where(Material.id == material_id))
    if not enrolment.has_place or not material.is_open(activity, now()):
        abort(404)
    return download(material)


def materials_of(enrolment: Enrolment) -> list[tuple[Material, bool]]:
    """What was handed in for the holder of a place, and whether it is handed out by now."""
    if not enrolment.has_place:
        return []
    activity, at = enrolment.activity, now()
    found = db.session.scalars(Material.of(activity))
    return [(one, one.is_open(activity, at)) for one in found if not one.speaker.has_left]
