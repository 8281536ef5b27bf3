"""Codes at the desk: planned at random moments, shown on the screen, answered by those there."""

from __future__ import annotations

from datetime import timedelta

import segno
from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app.access import Audience, current_person, one_or_404, open_to
from app.addresses import external_url
from app.attendance import checks, standing
from app.attendance.checks import AttendanceCheck
from app.attendance.forms import ScheduleForm, ShowNowForm
from app.attendance.reach import webinar_of_staff
from app.clock import now
from app.db import db

blueprint = Blueprint("attendance_checks", __name__, url_prefix="/desk/activities/<int:id>/codes")


@blueprint.get("")
@open_to(Audience.ADMINISTRATOR)
def show(id: int) -> ResponseReturnValue:
    return _page(id, ScheduleForm(), ShowNowForm())


@blueprint.post("/schedule")
@open_to(Audience.ADMINISTRATOR)
def schedule(id: int) -> ResponseReturnValue:
    activity, form = webinar_of_staff(id), ScheduleForm()
    if not form.validate_on_submit():
        return _page(id, form, ShowNowForm(formdata=None)), 422
    planned = checks.schedule(
        db.session, activity, form.count.data or 1, by=current_person(), at=now(),
        open_for=timedelta(minutes=form.minutes.data or 1),
    )  # fmt: skip
    flash(_("%(count)d codes are planned. Only you and your colleagues see when.",
            count=len(planned)), "good")  # fmt: skip
    return redirect(url_for(".show", id=id), 303)


@blueprint.post("/now")
@open_to(Audience.ADMINISTRATOR)
def show_now(id: int) -> ResponseReturnValue:
    activity, form = webinar_of_staff(id), ShowNowForm()
    if not form.validate_on_submit():
        return _page(id, ScheduleForm(formdata=None), form), 422
    checks.show_now(
        db.session, activity, open_for=timedelta(minutes=form.open_minutes.data or 1),
        by=current_person(), at=now(),
    )  # fmt: skip
    return redirect(url_for(".screen", id=id), 303)


@blueprint.get("/screen")
@open_to(Audience.ADMINISTRATOR)
def screen(id: int) -> ResponseReturnValue:
    """What is shared on the screen: the code while there is one, and no word of the next."""
    activity, at = webinar_of_staff(id), now()
    check = checks.open_now(db.session, activity, at=at)
    address = external_url("attendance_own.here", token=check.token) if check else ""
    return render_template(
        "attendance/screen.html",
        activity=activity, check=check, at=at, code=_qr(address) if check else "",
        left=int((check.closes_at - at).total_seconds()) if check else 0,
        answers=len(checks.answers_to(db.session, check)) if check else 0,
    )  # fmt: skip


@blueprint.post("/<int:check_id>/withdrawal")
@open_to(Audience.ADMINISTRATOR)
def call_off(id: int, check_id: int) -> ResponseReturnValue:
    activity = webinar_of_staff(id)
    found = one_or_404(AttendanceCheck.of(activity).where(AttendanceCheck.id == check_id))
    found.call_off(db.session, by=current_person(), at=now())
    flash(_("This code will not be shown."), "good")
    return redirect(url_for(".show", id=id), 303)


def _page(id: int, planned: ScheduleForm, shown: ShowNowForm) -> str:
    activity = webinar_of_staff(id)
    return render_template(
        "attendance/checks.html",
        activity=activity, at=now(), planned=planned, shown=shown,
        checks=checks.with_counts(db.session, activity),
        runs=any(one.joined <= now() < one.left for one in standing.windows_of(activity)),
    )  # fmt: skip


def _qr(address: str) -> Markup:
    """The address as a drawing, without a size of its own."""
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(omitsize=True, border=2, svgclass="qr", lineclass=None, light="#fff")
    return Markup(drawn)
