"""The evaluation at the desk: draw it up, and read its report."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import Audience, current_person, open_to
from app.agenda.models import Activity
from app.clock import now
from app.db import db
from app.evaluations import drawing_up, export, queries
from app.evaluations.forms import DaysForm, ItemForm, SourceForm, TemplateForm, answering
from app.evaluations.kinds import usual
from app.evaluations.models import EvaluationForm
from app.evaluations.reach import item_led, mine_societies, webinar_held, webinar_led
from app.forms import render_form
from app.web import attached

blueprint = Blueprint("evaluations_staff", __name__, url_prefix="/desk")
WAYS = {"up": -1, "down": 1}


@blueprint.get("/activities/<int:id>/evaluation")
@open_to(Audience.ADMINISTRATOR)
def show(id: int) -> ResponseReturnValue:
    return _page(webinar_held(id))


@blueprint.post("/activities/<int:id>/evaluation")
@open_to(Audience.ADMINISTRATOR)
def draw_up(id: int) -> ResponseReturnValue:
    """Start from the usual set, a template or another webinar; what stood here is replaced."""
    activity = webinar_led(id)
    source = _source(activity)
    if not source.validate_on_submit():
        return _page(activity, source=source), 422
    wordings = usual()
    if source.source.data != "usual":
        found = drawing_up.wordings_of(db.session, int(source.source.data), mine_societies())
        wordings = found if found is not None else abort(404)
    drawing_up.draw_up(db.session, activity, wordings, by=current_person(), at=now())
    flash(_("The evaluation is drawn up. Change it as you like until the first answer."), "good")
    return redirect(url_for(".show", id=id), 303)


@blueprint.post("/activities/<int:id>/evaluation/days")
@open_to(Audience.ADMINISTRATOR)
def stay_open(id: int) -> ResponseReturnValue:
    activity = webinar_led(id)
    form, asked = DaysForm(), _form_of(activity)
    if not form.validate_on_submit():
        return _page(activity, days=form), 422
    asked.stay_open(form.days.data or 0, by=current_person(), at=now())
    flash(_("Saved."), "good")
    return redirect(url_for(".show", id=id), 303)


@blueprint.post("/activities/<int:id>/evaluation/template")
@open_to(Audience.ADMINISTRATOR)
def keep(id: int) -> ResponseReturnValue:
    """Keep what is asked as a template of the reader's own society."""
    activity = webinar_held(id)
    form, asked = TemplateForm(), _form_of(activity)
    if not form.validate_on_submit():
        return _page(activity, template=form), 422
    own = next(s for s in activity.societies if s.id in mine_societies())
    drawing_up.keep_as_template(
        db.session, asked, own, form.name.data or "", by=current_person(), at=now()
    )
    flash(_("Kept as a template of %(society)s.", society=own.short), "good")
    return redirect(url_for(".show", id=id), 303)


@blueprint.route("/activities/<int:id>/evaluation/items/new", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def add(id: int) -> ResponseReturnValue:
    activity, form = webinar_held(id), ItemForm.of()
    if form.validate_on_submit():
        person, at = current_person(), now()
        asked = queries.form_of(db.session, id) or drawing_up.draw_up(
            db.session, activity, [], by=person, at=at
        )
        asked.add(form.wording, by=person, at=at)
        flash(_("Added."), "good")
        return redirect(url_for(".show", id=id), 303)
    return render_form("evaluations_staff/item.html", form, activity=activity, item=None)


@blueprint.route("/evaluation-items/<int:id>", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def change(id: int) -> ResponseReturnValue:
    item = item_led(id)
    form, activity = ItemForm.of(item), item.form.activity
    if form.validate_on_submit():
        item.form.change(item, form.wording, by=current_person(), at=now())
        flash(_("Saved."), "good")
        return redirect(url_for(".show", id=item.form.activity_id), 303)
    return render_form("evaluations_staff/item.html", form, activity=activity, item=item)


@blueprint.post("/evaluation-items/<int:id>/move")
@open_to(Audience.ADMINISTRATOR)
def move(id: int) -> ResponseReturnValue:
    item = item_led(id)
    steps = WAYS.get(request.form.get("direction", "")) or abort(400)
    item.form.move(item, steps, by=current_person(), at=now())
    return redirect(url_for(".show", id=item.form.activity_id, _anchor=f"item-{id}"), 303)


@blueprint.post("/evaluation-items/<int:id>/removal")
@open_to(Audience.ADMINISTRATOR)
def drop(id: int) -> ResponseReturnValue:
    item = item_led(id)
    form = item.form
    form.drop(item, by=current_person(), at=now())
    flash(_("It is asked no more."), "good")
    return redirect(url_for(".show", id=form.activity_id), 303)


@blueprint.get("/activities/<int:id>/evaluation/preview")
@open_to(Audience.ADMINISTRATOR)
def preview(id: int) -> ResponseReturnValue:
    """As learners will see it; nothing can be sent from here."""
    activity = webinar_held(id)
    asked = _form_of(activity)
    return render_template(
        "evaluations_staff/preview.html",
        activity=activity, form=answering(asked.items, queries.speakers_of(activity)),
    )  # fmt: skip


@blueprint.get("/activities/<int:id>/evaluation/report")
@open_to(Audience.ADMINISTRATOR)
def report(id: int) -> ResponseReturnValue:
    activity = webinar_held(id)
    asked = _form_of(activity)
    return render_template(
        "evaluations_staff/report.html",
        activity=activity, asked=asked, at=now(),
        report=queries.report(db.session, asked, at=now()),
    )  # fmt: skip


@blueprint.get("/activities/<int:id>/evaluation/report.csv")
@open_to(Audience.ADMINISTRATOR)
def download(id: int) -> ResponseReturnValue:
    text = export.table(queries.report(db.session, _form_of(webinar_held(id)), at=now()))
    return attached(Response(text, mimetype="text/csv"), f"evaluation-{id}.csv")


def _form_of(activity: Activity) -> EvaluationForm:
    return queries.form_of(db.session, activity.id) or abort(404)


def _source(activity: Activity) -> SourceForm:
    societies = mine_societies()
    return SourceForm().offer(
        drawing_up.templates(db.session, societies),
        drawing_up.others(db.session, societies, activity.id),
    )


def _page(activity: Activity, **forms: Any) -> str:
    asked = queries.form_of(db.session, activity.id)
    leads = activity.lead.id in mine_societies()
    shown = {
        "source": _source(activity) if leads and not (asked and asked.is_frozen) else None,
        "days": DaysForm(formdata=None, obj=asked) if leads and asked else None,
        "template": TemplateForm(formdata=None) if asked and asked.items else None,
        **forms,
    }
    return render_template(
        "evaluations_staff/show.html", activity=activity, asked=asked, at=now(), **shown
    )
