"""The dialogue at the desk: which questions stand, and polls to open and to show.

The questions are led by the staff of the societies that hold the webinar and by its moderators.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import Audience, current_person, open_to
from app.attendance.reach import webinar_of_staff
from app.clock import now
from app.db import db
from app.dialogue import asking, polls, queries
from app.dialogue.forms import HidingForm, PollForm, ReplyForm
from app.dialogue.polls import Poll
from app.dialogue.reach import leads, poll_led, question_led, webinar_moderated
from app.forms import render_form

blueprint = Blueprint("dialogue_staff", __name__, url_prefix="/desk")


@blueprint.get("/activities/<int:id>/questions")
@open_to(Audience.SIGNED_IN)
def index(id: int) -> ResponseReturnValue:
    activity = webinar_moderated(id)
    asked = request.args.get("show", "")
    shown = asked if asked in queries.SHOWN else "open"
    return render_template(
        "dialogue_staff/index.html",
        activity=activity, show=shown, is_staff=leads(id), counts=queries.counts(db.session, id),
        listing=queries.questions(db.session, id, shown, after=request.args.get("after", "")),
    )  # fmt: skip


@blueprint.route("/floor/<int:id>/hiding", methods=["GET", "POST"])
@open_to(Audience.SIGNED_IN)
def hide(id: int) -> ResponseReturnValue:
    question, form = question_led(id), HidingForm()
    if form.validate_on_submit():
        asking.hide(question, reason=form.reason.data or "", by=current_person(), at=now())
        flash(_("Hidden. Only the organisers and whoever asked it see it."), "good")
        return redirect(url_for(".index", id=question.activity_id), 303)
    return render_form("dialogue_staff/hide.html", form, question=question)


@blueprint.post("/floor/<int:id>/showing")
@open_to(Audience.SIGNED_IN)
def show(id: int) -> ResponseReturnValue:
    question = question_led(id)
    asking.show(question, by=current_person(), at=now())
    flash(_("Everybody with a place sees it again."), "good")
    return redirect(url_for(".index", id=question.activity_id, show="hidden"), 303)


@blueprint.route("/floor/<int:id>/reply", methods=["GET", "POST"])
@open_to(Audience.SIGNED_IN)
def reply(id: int) -> ResponseReturnValue:
    question = question_led(id)
    form = ReplyForm(obj=question.reply)
    if form.validate_on_submit():
        asking.reply(question, form.text.data or "", by=current_person(), at=now())
        flash(_("Marked as answered."), "good")
        return redirect(url_for(".index", id=question.activity_id), 303)
    return render_form("dialogue_staff/reply.html", form, question=question)


@blueprint.get("/activities/<int:id>/polls")
@open_to(Audience.ADMINISTRATOR)
def all_polls(id: int) -> ResponseReturnValue:
    activity = webinar_of_staff(id)
    return render_template(
        "dialogue_staff/polls.html",
        activity=activity, polls=db.session.scalars(Poll.of(id)).all(), at=now(),
        answered=queries.answered(db.session, id),
    )  # fmt: skip


@blueprint.route("/activities/<int:id>/polls/new", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def prepare(id: int) -> ResponseReturnValue:
    activity, form = webinar_of_staff(id), PollForm.of()
    if form.validate_on_submit():
        polls.prepare(db.session, activity, **form.facts, by=current_person(), at=now())
        flash(_("The poll is prepared. Nobody sees it before you open it."), "good")
        return redirect(url_for(".all_polls", id=id), 303)
    return render_form("dialogue_staff/prepare.html", form, activity=activity, poll=None)


@blueprint.route("/polls/<int:id>", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def change(id: int) -> ResponseReturnValue:
    """A prepared poll may change; an opened one is shown with its results."""
    poll = poll_led(id)
    if request.method == "GET" and not poll.is_prepared:
        return render_template(
            "dialogue_staff/poll.html",
            poll=poll, activity=poll.activity, result=queries.result(db.session, poll), at=now(),
        )  # fmt: skip
    form = PollForm.of(poll)
    if form.validate_on_submit():
        polls.change(poll, **form.facts, by=current_person(), at=now())
        flash(_("Saved."), "good")
        return redirect(url_for(".all_polls", id=poll.activity_id), 303)
    return render_form("dialogue_staff/prepare.html", form, activity=poll.activity, poll=poll)


@blueprint.post("/polls/<int:id>/opening")
@open_to(Audience.ADMINISTRATOR)
def open_poll(id: int) -> ResponseReturnValue:
    polls.open_poll(poll_led(id), by=current_person(), at=now())
    flash(_("The poll is open. Share this page on the screen, or the one with large type."), "good")
    return redirect(url_for(".change", id=id), 303)


@blueprint.post("/polls/<int:id>/closing")
@open_to(Audience.ADMINISTRATOR)
def close(id: int) -> ResponseReturnValue:
    polls.close(poll_led(id), by=current_person(), at=now())
    flash(_("The poll is closed. Its result stands."), "good")
    return redirect(url_for(".change", id=id), 303)


@blueprint.post("/polls/<int:id>/removal")
@open_to(Audience.ADMINISTRATOR)
def drop(id: int) -> ResponseReturnValue:
    poll = poll_led(id)
    activity_id = poll.activity_id
    polls.drop(poll, by=current_person(), at=now())
    flash(_("The poll is gone."), "good")
    return redirect(url_for(".all_polls", id=activity_id), 303)


@blueprint.get("/polls/<int:id>/screen")
@open_to(Audience.ADMINISTRATOR)
def screen(id: int) -> ResponseReturnValue:
    """For sharing on a screen: large type, nothing else."""
    poll = poll_led(id)
    return render_template(
        "dialogue_staff/screen.html",
        poll=poll, activity=poll.activity, result=queries.result(db.session, poll), at=now(),
    )  # fmt: skip
