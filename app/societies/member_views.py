"""The desk: a society's own roster, and whether it wishes to agree to what bears its name."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import BooleanField
from wtforms.validators import ValidationError

from app.access import Audience, current_person, one_or_404, open_to, society_ids
from app.clock import now, today
from app.db import db
from app.declared import takes_up_to
from app.errors import Refusal
from app.forms import Form, render_form
from app.journal.models import record
from app.societies import memberships, roster
from app.societies.models import Office, Society

blueprint = Blueprint("members", __name__, url_prefix="/desk/societies/<code>/members")
OFFICES = (Office.COURSE_ADMINISTRATOR, Office.EDUCATION_OFFICER)


class RosterForm(Form):
    """A table of members."""

    file = FileField(
        _l("The roster"),
        description=_l(
            "A CSV file whose first line names its columns: address (or e-mail), and as you have "
            "them name, number and until."
        ),
    )
    is_whole = BooleanField(
        _l("This is the whole roster: whoever is not on it is no longer a member")
    )

    def validate_file(self, field: FileField) -> None:
        if not field.data:
            raise ValidationError(_l("Please choose the file."))


@blueprint.route("", methods=["GET", "POST"])
@open_to(Audience.STAFF)
@takes_up_to(roster.MOST_BYTES)
def index(code: str) -> Response | str | tuple[str, int]:
    society = _own(code)
    form = RosterForm()
    if form.validate_on_submit():
        try:
            rows = roster.read(form.file.data.read())
        except Refusal as refusal:
            form.file.errors = [*form.file.errors, *refusal.reasons]
        else:
            return _load(society, rows, is_whole=form.is_whole.data)
    listed, known = memberships.count(db.session, society, on=today())
    return render_form(
        "societies_staff/members.html", form, society=society, listed=listed, known=known
    )


@blueprint.post("/consent")
@open_to(Audience.STAFF)
def consent(code: str) -> Response:
    """Say whether what bears the society's name waits for its consent."""
    society = _own(code)
    society.wants_to_consent = request.form.get("wants") == "1"
    record(db.session, "society.consent_wanted", by=current_person(), at=now(), on=society,
           society_id=society.id, wants=society.wants_to_consent)  # fmt: skip
    flash(_("Saved."), "good")
    return redirect(url_for(".index", code=code), 303)


def _load(society: Society, rows: list[memberships.Listed], *, is_whole: bool) -> Response:
    told = memberships.load(
        db.session, society, rows, is_whole=is_whole, by=current_person(), at=now(), on=today()
    )
    said = _("Read %(rows)d members: %(added)d new, %(changed)d changed, %(left)d no longer.",
             rows=len(rows), added=told.added, changed=told.changed, left=told.left)  # fmt: skip
    flash(said, "good")
    return redirect(url_for(".index", code=society.code), 303)


def _own(code: str) -> Society:
    """A society in which the person plans or answers for education."""
    own = Society.id.in_(society_ids(*OFFICES))
    return one_or_404(select(Society).where(Society.code == code, own))
