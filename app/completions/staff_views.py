"""Confirming the presence of a webinar, and who has a completion since."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access import Audience, current_person, open_to
from app.addresses import key_asked
from app.agenda.models import Activity
from app.attendance import queries as attendance
from app.attendance.reach import webinar_of_staff
from app.attendance.standing import standing
from app.clock import now
from app.completions import queries, settling
from app.db import db

blueprint = Blueprint("completions_staff", __name__, url_prefix="/desk/activities/<int:id>")


@blueprint.get("/settlement")
@open_to(Audience.ADMINISTRATOR)
def show(id: int) -> ResponseReturnValue:
    activity = webinar_of_staff(id)
    if settlement := attendance.settlement(db.session, activity):
        listing = queries.completed(db.session, activity, after=key_asked("after") or 0)
        return render_template(
            "completions_staff/settled.html",
            activity=activity, settlement=settlement, listing=listing,
        )  # fmt: skip
    figures = attendance.figures(db.session, activity, standing(db.session, activity))
    reports = len(attendance.reports(db.session, activity))
    return render_template(
        "completions_staff/settle.html",
        activity=activity, figures=figures,
        obstacles=settling.obstacles(
            activity, reports=reports, to_settle=figures.to_settle, at=now()
        ),
    )  # fmt: skip


@blueprint.post("/settlement")
@open_to(Audience.ADMINISTRATOR)
def settle(id: int) -> ResponseReturnValue:
    activity = webinar_of_staff(id)
    settlement = settling.settle(db.session, activity, by=current_person(), at=now())
    flash(_said(activity, settlement.present), "good")
    return redirect(url_for(".show", id=id), 303)


def _said(activity: Activity, present: int) -> str:
    if activity.needs_evaluation:
        return _("Presence is confirmed. Each certificate is made once its holder has evaluated.")
    return ngettext(
        "Presence is confirmed. %(num)d certificate is being made.",
        "Presence is confirmed. %(num)d certificates are being made.",
        present,
    )
