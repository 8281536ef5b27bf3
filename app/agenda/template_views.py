"""Templates of a society, and what the form of a plan starts with."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired

from app.access import Audience, current_person, one_or_404, open_to, society_ids
from app.addresses import key_asked
from app.agenda.models import Activity, Kind
from app.agenda.templates import WebinarTemplate, kept, read
from app.clock import now
from app.db import db
from app.forms import Form, at_most, one_line, render_form
from app.societies.models import Office, Society

blueprint = Blueprint("templates", __name__, url_prefix="/desk")
Page = Response | str | tuple[str, int]


class TemplateForm(Form):
    """The name under which a webinar is kept."""

    name = StringField(
        _l("Name of the template"),
        [InputRequired(_l("Give it a name.")), at_most(80), one_line],
        description=_l("Everybody who plans for your society finds it by this name."),
    )


@blueprint.get("/templates")
@open_to(Audience.ADMINISTRATOR)
def index() -> str:
    found = db.session.scalars(WebinarTemplate.of(_mine())).all()
    return render_template("agenda_board/templates.html", templates=found)


@blueprint.route("/activities/<int:id>/template", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def save(id: int) -> Page:
    activity = _webinar(id)
    form = TemplateForm(data={"name": activity.title[:80]})
    if form.validate_on_submit():
        WebinarTemplate.save(
            db.session, activity, form.name.data or "", society=_own(activity), by=current_person(),
            at=now(),
        )  # fmt: skip
        flash(_("Saved as a template. Plan others with it here."), "good")
        return redirect(url_for(".index"), 303)
    return render_form(
        "agenda_board/save_template.html", form, activity=activity, society=_own(activity)
    )


@blueprint.post("/templates/<int:id>/removal")
@open_to(Audience.ADMINISTRATOR)
def remove(id: int) -> Response:
    template = _template(id)
    template.remove(by=current_person(), at=now())
    flash(_("The template %(name)s is gone.", name=template.name), "good")
    return redirect(url_for(".index"), 303)


def prefilled() -> dict[str, Any]:
    """What a plan starts with: a webinar like it, a template, or only the person's zone."""
    starts: dict[str, Any] = {"zone": current_person().zone}
    if request.args.get("like"):
        model = _webinar(key_asked("like"))
        starts |= read(kept(model, _own(model)))
    elif request.args.get("template"):
        starts |= _template(key_asked("template")).starts_with
    return starts


def _webinar(id: int | None) -> Activity:
    """A webinar of a society in which the person is course administrator."""
    return one_or_404(
        Activity.organised_by(_mine()).where(Activity.id == id, Activity.kind == Kind.WEBINAR)
    )


def _template(id: int | None) -> WebinarTemplate:
    return one_or_404(WebinarTemplate.of(_mine()).where(WebinarTemplate.id == id))


def _own(activity: Activity) -> Society:
    """The society for which a template is kept: the leading one where the person is of it."""
    return next(s for s in [activity.lead, *activity.beside] if s.id in _mine())


def _mine() -> list[int]:
    return society_ids(Office.COURSE_ADMINISTRATOR)
