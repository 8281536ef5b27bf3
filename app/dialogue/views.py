"""The dialogue as those with a place see it: ask, vote, answer polls."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import Audience, current_person, open_to
from app.clock import now
from app.db import db
from app.dialogue import asking, polls, queries
from app.dialogue.forms import AskForm, answer_form
from app.dialogue.polls import Poll, PollAnswer
from app.dialogue.reach import leads, place_on, poll_seen, question_seen
from app.dialogue.tallying import indexes
from app.enrolments.models import Enrolment

blueprint = Blueprint("dialogue", __name__)


@blueprint.get("/agenda/<int:id>/questions")
@open_to(Audience.SIGNED_IN)
def show(id: int) -> ResponseReturnValue:
    return _page(place_on(id), AskForm())


@blueprint.post("/agenda/<int:id>/questions")
@open_to(Audience.SIGNED_IN)
def ask(id: int) -> ResponseReturnValue:
    enrolment, form = place_on(id), AskForm()
    if not form.validate_on_submit():
        return _page(enrolment, form), 422
    question = asking.ask(
        db.session, enrolment, form.text.data or "", is_named=not form.without_name.data, at=now()
    )
    flash(_("Your question is asked. The others can vote for it."), "good")
    return redirect(url_for(".show", id=id, _anchor=f"question-{question.id}"), 303)


@blueprint.post("/questions/<int:id>/vote")
@open_to(Audience.SIGNED_IN)
def vote(id: int) -> ResponseReturnValue:
    question, enrolment = question_seen(id)
    asking.vote(question, enrolment, at=now())
    return _back_to(question.activity_id, id)


@blueprint.post("/questions/<int:id>/vote/withdrawal")
@open_to(Audience.SIGNED_IN)
def take_back(id: int) -> ResponseReturnValue:
    question, enrolment = question_seen(id)
    asking.take_back(question, enrolment, at=now())
    return _back_to(question.activity_id, id)


@blueprint.get("/agenda/<int:id>/questions/now")
@open_to(Audience.SIGNED_IN)
def pulse(id: int) -> ResponseReturnValue:
    """What every open page asks for now and then: which polls are open. As lean as it can be."""
    if not queries.has_place(db.session, id, current_person().id):
        abort(404)
    return {"polls": list(queries.open_polls(db.session, id))}


@blueprint.get("/polls/<int:id>")
@open_to(Audience.SIGNED_IN)
def poll(id: int) -> ResponseReturnValue:
    found = poll_seen(id)
    mine = _answer_of(found)
    chosen = indexes(mine.chosen, len(found.choices)) if mine else []
    return _poll(found, place_on(found.activity_id), answer_form(found, chosen), mine)


@blueprint.post("/polls/<int:id>")
@open_to(Audience.SIGNED_IN)
def answer(id: int) -> ResponseReturnValue:
    found = poll_seen(id)
    enrolment, form = place_on(found.activity_id), answer_form(found)
    if found.is_open(now()) and not form.validate_on_submit():
        return _poll(found, enrolment, form, _answer_of(found)), 422
    chosen = form.indexes if found.is_open(now()) else []
    polls.answer(found, enrolment, chosen, at=now())
    flash(_("Your answer counts. You may change it until the poll is closed."), "good")
    return redirect(url_for(".poll", id=id), 303)


@blueprint.get("/polls/<int:id>/results")
@open_to(Audience.SIGNED_IN)
def results(id: int) -> ResponseReturnValue:
    """The counts so far, for pages that are open: for the organisers and for who has answered."""
    found = poll_seen(id)
    if _answer_of(found) is None and not leads(found.activity_id):
        place_on(found.activity_id)
        if found.is_open(now()):
            abort(404)
    result = queries.result(db.session, found)
    return {
        "open": found.is_open(now()),
        "answers": result.answers,
        "rows": [{"count": row.count, "percent": row.percent} for row in result.rows],
    }


def _answer_of(found: Poll) -> PollAnswer | None:
    return db.session.scalars(PollAnswer.by(current_person().id, found.id)).one_or_none()


def _page(enrolment: Enrolment, form: AskForm) -> str:
    activity, person, at = enrolment.activity, enrolment.person, now()
    asked = request.args.get("show", "")
    shown = asked if asked == "answered" else "open"
    return render_template(
        "dialogue/show.html",
        activity=activity, enrolment=enrolment, form=form, show=shown, at=at,
        against=asking.obstacles(enrolment, at=at),
        listing=queries.questions(
            db.session, activity.id, shown, reader=person.id, after=request.args.get("after", "")
        ),
        counts=queries.counts(db.session, activity.id),
        hidden=queries.hidden_of(db.session, activity.id, person.id),
        polls=queries.polls_of_learner(db.session, activity, person.id, at=at),
    )  # fmt: skip


def _poll(found: Poll, enrolment: Enrolment, form: object, mine: PollAnswer | None) -> str:
    is_open = found.is_open(now())
    sees = mine is not None or not is_open
    return render_template(
        "dialogue/poll.html",
        poll=found, activity=enrolment.activity, form=form, mine=mine, is_open=is_open,
        result=queries.result(db.session, found) if sees else None,
    )  # fmt: skip


def _back_to(activity_id: int, question_id: int) -> ResponseReturnValue:
    """Back to the list, at the question."""
    return redirect(
        url_for(".show", id=activity_id, show=request.form.get("show") or None,
                after=request.form.get("after") or None, _anchor=f"question-{question_id}"),
        303,
    )  # fmt: skip
