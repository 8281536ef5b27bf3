"""The mark of a society: taken in by its officers, tried on a sheet, shown to everybody."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, make_response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from sqlalchemy import select
from wtforms.validators import ValidationError

from app.access import Audience, current_person, one_or_404, open_to, society_ids
from app.clock import now
from app.db import db
from app.declared import takes_up_to
from app.designs import showing
from app.designs.printing import press
from app.files import files
from app.forms import Form, render_form
from app.limits import Limit, guard
from app.societies import drawings
from app.societies.marks import SVG, Mark
from app.societies.models import OFFICERS, Society
from app.societies.outlines import NotAMark

blueprint = Blueprint("marks", __name__)
UPLOADS = Limit("mark upload", 12, 20)


class MarkForm(Form):
    """A society's mark."""

    file = FileField(
        _l("The mark"),
        description=_l(
            "An SVG of plain shapes looks best at every size. A PNG with a transparent ground or a "
            "JPEG is taken too, 800 pixels across or more. 4 MB is the most."
        ),
    )

    def validate_file(self, field: FileField) -> None:
        if not field.data:
            raise ValidationError(_l("Please choose the file."))


@blueprint.route("/desk/societies/<code>/mark", methods=["GET", "POST"])
@open_to(Audience.OFFICER)
@takes_up_to(drawings.LARGEST)
def index(code: str) -> ResponseReturnValue:
    form = MarkForm()
    if form.is_submitted():
        guard((UPLOADS, f"{current_person().id}"))
    society = _own(code)
    if form.validate_on_submit() and _take_in(society, form):
        flash(_("From now on this mark stands on what the society awards."), "good")
        return redirect(url_for(".index", code=code), 303)
    found = db.session.scalars(Mark.of(society)).all()
    return render_form("designs_staff/mark.html", form, society=society, marks=found)


@blueprint.get("/marks/<digest>")
@open_to(Audience.EVERYONE)
def picture(digest: str) -> Response:
    """A mark as it is kept; it can do nothing but be looked at."""
    mark = db.session.scalars(select(Mark).where(Mark.digest == digest).limit(1)).first()
    if mark is None:
        abort(404)
    is_drawn = mark.drawing is not None
    answer = make_response(mark.drawing if is_drawn else files.read(digest))
    answer.mimetype = SVG if is_drawn else mark.media_type
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


def _take_in(society: Society, form: MarkForm) -> bool:
    """Read it, try it on a sheet, keep it; a reason against it goes to its field."""
    named = {"short": society.short, "name": society.name, "colour": society.colour}
    db.session.commit()  # nobody waits while a file is read and set
    try:
        drawing = drawings.read(form.file.data.read(drawings.LARGEST + 1))
        showing.try_mark(press(), named, drawing)
    except NotAMark as reason:
        form.file.errors = [*form.file.errors, str(reason)]
        return False
    digest = files.keep(drawing.content)
    Mark.take_in(db.session, society, drawing, digest=digest, by=current_person(), at=now())
    return True


def _own(code: str) -> Society:
    own = Society.id.in_(society_ids(*OFFICERS))
    return one_or_404(select(Society).where(Society.code == code, own))
