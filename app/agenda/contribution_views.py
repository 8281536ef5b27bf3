"""The desk: a society beside the leading one names its own speakers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import FieldList, FormField

from app.access import Audience, current_person, one_or_404, open_to, society_ids
from app.agenda import contributions
from app.agenda.forms import MOST_SPEAKERS, SPARE_ROWS
from app.agenda.models import Activity, Organiser, Role
from app.agenda.speaker_forms import SpeakerForm
from app.agenda.speakers import Named
from app.clock import now
from app.db import db
from app.forms import Form, render_form
from app.societies.models import Office

blueprint = Blueprint(
    "contributions", __name__, url_prefix="/desk/activities/<int:id>/own-speakers"
)


class OwnSpeakersForm(Form):
    """The speakers whom one society brings."""

    speakers = FieldList(FormField(SpeakerForm), _l("Who speaks"), max_entries=MOST_SPEAKERS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_submitted():
            self.spare()

    def spare(self) -> None:
        for _number in range(min(SPARE_ROWS, MOST_SPEAKERS - len(self.speakers.entries))):
            self.speakers.append_entry()

    @property
    def people(self) -> list[Named]:
        rows = [row.form.named for row in self.speakers]
        return [row for row in rows if row.name]


@blueprint.route("", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def edit(id: int) -> Response | str | tuple[str, int]:
    mine = society_ids(Office.COURSE_ADMINISTRATOR)
    beside = Activity.organisers.any(
        Organiser.society_id.in_(mine) & (Organiser.role != Role.ORGANISER)
    )
    activity = one_or_404(Activity.whole().where(Activity.id == id, beside))
    society = next(one for one in activity.beside if one.id in mine)
    own = contributions.brought(db.session, activity, society)
    form = OwnSpeakersForm(data={"speakers": [one.named._asdict() for one in own]})
    page = {"activity": activity, "society": society}
    if form.is_submitted() and "more" in request.form:
        form.spare()
        return render_template("agenda_staff/own_speakers.html", form=form, **page)
    if form.validate_on_submit():
        found = contributions.against(activity, own, form.people)
        if not found:
            contributions.bring(activity, society, form.people, by=current_person(), at=now())
            flash(_("Saved. The programme shows it."), "good")
            return redirect(url_for("agenda_staff.show", id=id), 303)
        form.form_errors.extend(found)
    return render_form("agenda_staff/own_speakers.html", form, **page)
