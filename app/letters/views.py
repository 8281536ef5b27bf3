"""Letters to those who are enrolled, at the desk: write, look, send, watch them go."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import joinedload

from app.access import Audience, current_person, one_or_404, open_to
from app.agenda.models import Activity
from app.attendance import queries as attendance
from app.attendance.reach import webinar_of_staff
from app.clock import now
from app.db import db
from app.declared import shows_frames
from app.forms import render_form
from app.letters import queries, sending, words
from app.letters.emails import compose
from app.letters.forms import LetterForm
from app.letters.models import Letter
from app.outbox.views import shut_off

blueprint = Blueprint("letters", __name__, url_prefix="/desk/activities/<int:id>/letters")


@blueprint.get("")
@open_to(Audience.ADMINISTRATOR)
def index(id: int) -> ResponseReturnValue:
    activity = webinar_of_staff(id)
    letters = db.session.scalars(Letter.of(activity)).all()
    return render_template(
        "letters/index.html", activity=activity, letters=letters, groups=words.groups()
    )


@blueprint.route("/new", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def write(id: int) -> ResponseReturnValue:
    activity = webinar_of_staff(id)
    form = _offer(LetterForm(), activity)
    if form.validate_on_submit():
        letter = sending.draft(db.session, activity, **form.letter, by=current_person(), at=now())  # type: ignore[arg-type]
        db.session.flush()
        return redirect(url_for(".show", id=id, letter_id=letter.id), 303)
    return render_form("letters/write.html", form, activity=activity)


@blueprint.get("/<int:letter_id>")
@open_to(Audience.ADMINISTRATOR)
@shows_frames
def show(id: int, letter_id: int) -> ResponseReturnValue:
    """A draft as its readers will see it; of a letter that was sent, how far it is."""
    letter = _letter(webinar_of_staff(id), letter_id)
    first, at = queries.first(db.session, letter), now()
    number = request.args.get("reader", 1, int)
    reader = first[number - 1] if 0 < number <= len(first) else None
    return render_template(
        "letters/show.html",
        activity=letter.activity, letter=letter, group=words.groups()[letter.to_whom],
        readers=first, number=number, me=current_person(),
        seen=compose(letter, letter.activity, reader, at) if reader else None,
        size=letter.count or queries.sizes(db.session, letter.activity)[letter.to_whom],
        obstacles=[] if letter.is_sent else sending.obstacles(db.session, letter, at=at),
        progress=queries.progress(db.session, letter) if letter.is_sent else None,
    )  # fmt: skip


@blueprint.get("/<int:letter_id>/preview/<int:number>")
@open_to(Audience.ADMINISTRATOR)
def preview(id: int, letter_id: int, number: int) -> Response:
    """The letter itself, for a frame on its page."""
    letter = _letter(webinar_of_staff(id), letter_id)
    first = queries.first(db.session, letter)
    if not 0 < number <= len(first):
        abort(404)
    reader, mine = first[number - 1], current_person().address
    seen = compose(letter, letter.activity, reader, now(), reply_to=mine)
    return shut_off(seen.html, framed=True)


@blueprint.route("/<int:letter_id>/text", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def edit(id: int, letter_id: int) -> ResponseReturnValue:
    activity = webinar_of_staff(id)
    letter = _letter(activity, letter_id)
    if letter.is_sent and request.method == "GET":
        return redirect(url_for(".show", id=id, letter_id=letter_id), 303)
    form = _offer(LetterForm(obj=letter), activity)
    if form.validate_on_submit():
        sending.change(db.session, letter, **form.letter, by=current_person(), at=now())  # type: ignore[arg-type]
        return redirect(url_for(".show", id=id, letter_id=letter_id), 303)
    return render_form("letters/write.html", form, activity=activity, letter=letter)


@blueprint.post("/<int:letter_id>/sending")
@open_to(Audience.ADMINISTRATOR)
def send(id: int, letter_id: int) -> ResponseReturnValue:
    letter = _letter(webinar_of_staff(id), letter_id)
    if sending.send(db.session, letter, by=current_person(), at=now()):
        flash(
            ngettext("It is on its way to %(num)d person.", "It is on its way to %(num)d people.",
                     letter.count),
            "good",
        )  # fmt: skip
    else:
        flash(_("It was sent already; nobody gets it twice."))
    return redirect(url_for(".show", id=id, letter_id=letter_id), 303)


@blueprint.post("/<int:letter_id>/withdrawal")
@open_to(Audience.ADMINISTRATOR)
def drop(id: int, letter_id: int) -> ResponseReturnValue:
    letter = _letter(webinar_of_staff(id), letter_id)
    sending.drop(db.session, letter, by=current_person(), at=now())
    flash(_("The draft is dropped."), "good")
    return redirect(url_for(".index", id=id), 303)


def _letter(activity: Activity, letter_id: int) -> Letter:
    mine = Letter.of(activity).options(joinedload(Letter.activity))
    return one_or_404(mine.where(Letter.id == letter_id))


def _offer(form: LetterForm, activity: Activity) -> LetterForm:
    settled = attendance.settlement(db.session, activity) is not None
    return form.offer(queries.sizes(db.session, activity), settled=settled)
