"""The societies in public: who they are, and the colours by which pages tell them apart."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.access import Audience, one_or_404, open_to, society_ids
from app.db import db
from app.kept import for_strangers
from app.societies import marks
from app.societies.member_views import OFFICES
from app.societies.models import Society
from app.societies.staff_views import may_see_mandates
from app.societies.wordmark import mark

blueprint = Blueprint("societies", __name__)


@blueprint.get("/societies")
@open_to(Audience.EVERYONE)
@for_strangers
def index() -> str:
    societies = db.session.scalars(Society.by_name()).all()
    return render_template("societies/index.html", societies=societies)


@blueprint.get("/societies/<code>")
@open_to(Audience.EVERYONE)
@for_strangers
def show(code: str) -> str:
    society = one_or_404(Society.by_name().where(Society.code == code))
    return render_template(
        "societies/show.html",
        society=society,
        mark=marks.current(db.session, [society.id]).get(society.id),
        may_see_mandates=may_see_mandates(society),
        may_load_members=society.id in society_ids(*OFFICES),
    )


@blueprint.get("/societies/<code>.svg")
@open_to(Audience.EVERYONE)
def wordmark(code: str) -> Response:
    """The society's name as a drawing, in its colour."""
    society = one_or_404(Society.by_name().where(Society.code == code))
    answer = make_response(mark(society.short, society.colour, stacked=False))
    answer.mimetype = "image/svg+xml"
    return _cached(answer)


@blueprint.get("/societies.css")
@open_to(Audience.EVERYONE)
def colours() -> Response:
    """The class of each society's colour; asked for again only when a colour has changed."""
    found = db.session.execute(select(Society.code, Society.colour).order_by(Society.code))
    answer = make_response("".join(f".soc-{code}{{--c:{colour}}}\n" for code, colour in found))
    answer.mimetype = "text/css"
    return _cached(answer)


def _cached(answer: Response) -> Response:
    """Kept for five minutes, and then sent again only when it has changed."""
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.add_etag()
    return answer.make_conditional(request)
