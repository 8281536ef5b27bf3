"""A webinar's figures and its tables, for the administrators of the societies that hold it."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.access import Audience, open_to
from app.agenda.models import Activity
from app.attendance.reach import webinar_of_staff
from app.clock import now
from app.db import db, reading
from app.web import attached
from app.webinar_desk import export
from app.webinar_desk.figures import HEIGHT, WIDTH, figures

blueprint = Blueprint("webinar_desk", __name__, url_prefix="/desk/activities/<int:id>")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/figures")
@open_to(Audience.ADMINISTRATOR)
def show(id: int) -> ResponseReturnValue:
    activity = webinar_of_staff(id)
    return render_template(
        "webinar_desk/figures.html",
        activity=activity, told=figures(db.session, activity), width=WIDTH, height=HEIGHT,
    )  # fmt: skip


@blueprint.get("/tables.xlsx")
@open_to(Audience.ADMINISTRATOR)
def workbook(id: int) -> ResponseReturnValue:
    return _file(export.workbook(_sheets(id)), XLSX, f"webinar-{id}.xlsx")


@blueprint.get("/tables.zip")
@open_to(Audience.ADMINISTRATOR)
def archive(id: int) -> ResponseReturnValue:
    return _file(export.archive(_sheets(id)), "application/zip", f"webinar-{id}-csv.zip")


def _sheets(id: int) -> list[export.Sheet]:
    """All tables, read in a transaction of their own that ends before they are written."""
    webinar_of_staff(id)
    with reading() as session:
        return export.sheets(session, session.get_one(Activity, id), at=now())


def _file(content: bytes, kind: str, name: str) -> Response:
    return attached(Response(content, mimetype=kind), name)
