"""Enrolling, my enrolments, leaving."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import locale
from app.access import Audience, current_person, me, one_or_404, open_to
from app.accounts.arrival import remember_intent
from app.addresses import external_url
from app.agenda.calendar import entry
from app.agenda.models import Activity
from app.agenda.words import meetings
from app.clock import now
from app.db import db
from app.enrolments import answers, booking, queries
from app.enrolments.arrivals import welcome
from app.enrolments.forms import WithdrawalForm
from app.enrolments.models import Enrolment
from app.forms import render_form
from app.web import attached

blueprint = Blueprint("enrolments", __name__)


@blueprint.post("/agenda/<int:id>/enrolment")
@open_to(Audience.EVERYONE)
def enrol(id: int) -> ResponseReturnValue:
    activity = one_or_404(Activity.offered().where(Activity.id == id))
    if me() is None:
        return _after_signing_in(activity)
    enrolment = booking.enrol(db.session, activity, current_person(), at=now())
    flash(welcome(enrolment), "good")
    return redirect(url_for(".show", id=enrolment.id), 303)


@blueprint.get("/agenda/<int:id>/enrolment")
@open_to(Audience.EVERYONE)
def come_in(id: int) -> ResponseReturnValue:
    """A stranger's way to an enrolment: it leads through the door and changes nothing by itself."""
    activity = one_or_404(Activity.announced().where(Activity.id == id))
    if me() is None:
        return _after_signing_in(activity)
    return redirect(url_for("agenda.show", id=activity.id), 303)


@blueprint.get("/my/enrolments")
@open_to(Audience.SIGNED_IN)
def mine() -> ResponseReturnValue:
    show = request.args.get("show", "upcoming")
    show = show if show in {"upcoming", "waiting", "past"} else "upcoming"
    page = queries.of_person(
        db.session, current_person(), show, at=now(), after=request.args.get("after", "")
    )
    return render_template("enrolments/mine.html", listing=page, show=show, at=now())


@blueprint.get("/enrolments/<int:id>")
@open_to(Audience.SIGNED_IN)
def show(id: int) -> ResponseReturnValue:
    enrolment = _mine(id)
    position = queries.position(db.session, enrolment) if enrolment.waits else None
    times = meetings(enrolment.activity.windows, locale.zone(), locale.zone())
    return render_template(
        "enrolments/show.html", enrolment=enrolment, position=position, at=now(),
        moving=answers.asked(db.session, enrolment, at=now()),
        sessions=[meeting.here for meeting in times],
    )  # fmt: skip


@blueprint.post("/enrolments/<int:id>/answer")
@open_to(Audience.SIGNED_IN)
def answer(id: int) -> ResponseReturnValue:
    """Keep or give up a place, once the hour was moved."""
    enrolment = _mine(id)
    if request.form.get("keeps") == "1":
        answers.keep(db.session, enrolment, at=now())
        flash(_("Your place is kept. See you there."), "good")
    elif request.form.get("keeps") == "0":
        answers.give_up(db.session, enrolment, at=now())
        flash(_("You have left: %(title)s.", title=enrolment.activity.title), "good")
    return redirect(url_for(".show", id=enrolment.id), 303)


@blueprint.route("/enrolments/<int:id>/withdrawal", methods=["GET", "POST"])
@open_to(Audience.SIGNED_IN)
def withdraw(id: int) -> ResponseReturnValue:
    enrolment = _mine(id)
    form = WithdrawalForm()
    if form.validate_on_submit():
        booking.withdraw(db.session, enrolment, by=current_person(), at=now(),
                         reason=form.reason.data or "")  # fmt: skip
        flash(_("You have left: %(title)s.", title=enrolment.activity.title), "good")
        return redirect(url_for(".show", id=enrolment.id), 303)
    return render_form("enrolments/withdraw.html", form, enrolment=enrolment, at=now())


@blueprint.get("/enrolments/<int:id>/calendar.ics")
@open_to(Audience.SIGNED_IN)
def calendar(id: int) -> ResponseReturnValue:
    enrolment = _mine(id)
    text = entry(enrolment.activity, external_url("enrolments.show", id=enrolment.id))
    return attached(Response(text, mimetype="text/calendar"), f"confer-{id}.ics")


def _mine(id: int) -> Enrolment:
    """One of the reader's own enrolments, with what its page shows."""
    return one_or_404(Enrolment.whole(current_person()).where(Enrolment.id == id))


def _after_signing_in(activity: Activity) -> ResponseReturnValue:
    """A stranger's wish is kept and carried out once we know who they are."""
    remember_intent(f"enrol:{activity.id}")
    flash(_("One step first: create your account, or sign in if you have one. "
            "Then you are enrolled at once in %(title)s.", title=activity.title))  # fmt: skip
    return redirect(url_for("accounts.sign_up"), 303)
