"""Saying what the columns of a table are, and what a society remembers."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import locale
from app.access import Audience, current_person, one_or_404, open_to, society_ids
from app.attendance import deciding, mapped, sentences, upload
from app.attendance.forms import ColumnsForm
from app.attendance.mapping import ColumnPlan, Found, guessed
from app.attendance.models import ColumnMapping, Recognition
from app.attendance.reach import webinar_of_staff
from app.attendance.reading import Unmapped, read
from app.attendance.unreadable import Problem, Unreadable
from app.clock import now
from app.db import db
from app.forms import render_form
from app.societies.models import Office

blueprint = Blueprint("attendance_columns", __name__, url_prefix="/desk")


@blueprint.route("/activities/<int:id>/presence/columns", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def say(id: int) -> ResponseReturnValue:
    activity = webinar_of_staff(id)
    deciding.unsettled(db.session, id)
    form = ColumnsForm(kept=request.args.get("kept"), zone=request.args.get("zone"))
    received = upload.kept_under(form.kept.data or "", id)
    found, cause = _table(received)
    if received is None or found is None:
        flash(_("Please choose the file once more."), "warn")
        return redirect(url_for("attendance.report", id=id), 303)
    form.offer(found.heading.cells)
    if not form.is_submitted():
        form.fill(guessed(found))
    elif form.validate_on_submit():
        plan = form.plan()
        if problem := _problem(found, plan, form.zone.data or activity.zone):
            form.joined.errors = [*form.joined.errors, sentences.problem(problem)]
        else:
            ColumnMapping.remember(
                db.session, activity.lead, found, plan, by=current_person(), at=now()
            )
            flash(_("It is remembered what these columns are."), "good")
            where: Any = {"kept": form.kept.data, "zone": form.zone.data}
            return redirect(url_for("attendance.report", id=id, **where), 303)
    return render_form(
        "attendance/columns.html", form, activity=activity, found=found, name=received.name,
        cause=sentences.problem(cause),
    )  # fmt: skip


def _table(received: upload.Upload | None) -> tuple[Found | None, Problem | None]:
    """The table of people in a file, and why somebody has to say what its columns are."""
    if received is None:
        return None, None
    try:
        read(received.content, zone=ZoneInfo("UTC"), ask=True)
    except Unmapped as unmapped:
        return unmapped.found, unmapped.problem
    except Unreadable:
        pass
    return None, None


def _problem(found: Found, plan: ColumnPlan, zone: str) -> Problem | None:
    """Why the table cannot be read in this way."""
    try:
        mapped.read(found, plan, zone=ZoneInfo(zone if zone in locale.zones() else "UTC"))
    except Unreadable as unreadable:
        return unreadable.problem
    return None


@blueprint.get("/presence/remembered")
@open_to(Audience.ADMINISTRATOR)
def remembered() -> ResponseReturnValue:
    """What the person's societies have said of tables and of people."""
    societies = society_ids(Office.COURSE_ADMINISTRATOR)
    return render_template(
        "attendance/remembered.html",
        mappings=db.session.scalars(ColumnMapping.of(societies)).unique().all(),
        people=db.session.scalars(Recognition.shown_of(societies)).unique().all(),
    )


@blueprint.post("/presence/columns/<int:id>/withdrawal")
@open_to(Audience.ADMINISTRATOR)
def forget(id: int) -> ResponseReturnValue:
    societies = society_ids(Office.COURSE_ADMINISTRATOR)
    found = one_or_404(ColumnMapping.of(societies).where(ColumnMapping.id == id))
    found.forget(db.session, by=current_person(), at=now())
    flash(_("These columns are forgotten; the next file like this asks again."), "good")
    return redirect(url_for(".remembered"), 303)


@blueprint.post("/presence/recognitions/<int:id>/withdrawal")
@open_to(Audience.ADMINISTRATOR)
def revoke(id: int) -> ResponseReturnValue:
    societies = society_ids(Office.COURSE_ADMINISTRATOR)
    found = one_or_404(Recognition.of(societies).where(Recognition.id == id))
    found.forget(db.session, by=current_person(), at=now())
    flash(_("“%(name)s” is forgotten; who it is will be asked again.", name=found.shown), "good")
    return redirect(url_for(".remembered"), 303)
