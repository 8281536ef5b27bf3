"""The public agenda: a list, a month, one activity, its calendar file, the feed, the zone."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from flask import (
    Blueprint,
    abort,
    get_template_attribute,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from werkzeug.wrappers import Response

from app import locale
from app.access import Audience, me, one_or_404, open_to
from app.addresses import external_url, safe_next
from app.agenda import calendar, months, queries, words
from app.agenda.filters import Filters
from app.agenda.forms import ZoneForm
from app.agenda.models import Activity, Organiser, Speaker
from app.clock import now, today
from app.db import db
from app.forms import render_form
from app.journal.models import record
from app.kept import for_strangers

blueprint = Blueprint("agenda", __name__)
YEAR = 365 * 24 * 3600
_SHOWN = (
    select(Activity)
    .join(Activity.announcement)
    .options(
        contains_eager(Activity.announcement),
        # Of one activity these are a few rows: they come along with it.
        joinedload(Activity.organisers).joinedload(Organiser.society),
        joinedload(Activity.sessions),
        selectinload(Activity.named).joinedload(Speaker.profile),
        selectinload(Activity.audiences),
    )
    .where(Activity.id == bindparam("id"))
)


@blueprint.get("/agenda")
@open_to(Audience.EVERYONE)
@for_strangers
def index() -> str:
    filters, at = Filters.read(request.args), now()
    societies = queries.badges(db.session)
    after = queries.Key.read(request.args.get("after", ""))
    page = queries.page(db.session, filters, societies, at=at, after=after)
    zone, language = locale.zone(), str(get_locale())
    return render_template(
        "agenda/index.html",
        parts=months.by_month(page.rows, zone, at=at),
        ids=queries.ids(page.rows),
        written=lambda entry, has_day: _row(entry.row, zone, language, has_day),
        next=page.next,
        is_first=after is None,
        **_frame(filters, societies),
    )


@blueprint.get("/agenda/month/")
@open_to(Audience.EVERYONE)
def this_month() -> Response:
    first = today(locale.zone())
    chosen: dict[str, Any] = {**Filters.read(request.args).chosen}
    return redirect(url_for(".month", month=f"{first:%Y-%m}", **chosen))


@blueprint.get("/agenda/month/<month>")
@open_to(Audience.EVERYONE)
@for_strangers
def month(month: str) -> str:
    first = months.read_month(month) or abort(404)
    filters, zone = Filters.read(request.args), locale.zone()
    societies = queries.badges(db.session)
    weeks = months.days(first, get_locale().first_week_day)
    rows = queries.between(db.session, filters, societies, *months.stretch(weeks, zone))
    return render_template(
        "agenda/month.html",
        first=first,
        weeks=months.grid(weeks, rows, zone, prefix="/agenda/", opens=_("opens")),
        is_empty=not any(_starts_in(first, entry) for entry in months.entries(rows, zone)),
        today=today(zone),
        before=months.month_before(first),
        after=months.month_after(first),
        **_frame(filters, societies),
    )


@blueprint.get("/agenda/<int:id>")
@open_to(Audience.EVERYONE)
@for_strangers
def show(id: int) -> str:
    activity = one_or_404(_SHOWN, id=id)
    told = words.told(activity, at=now(), zone=locale.zone())
    return render_template("agenda/show.html", activity=activity, told=told, is_preview=False)


@blueprint.get("/agenda/<int:id>.ics")
@open_to(Audience.EVERYONE)
def entry(id: int) -> Response:
    activity = one_or_404(Activity.announced().where(Activity.id == id))
    if not activity.is_webinar:
        abort(404)
    return _calendar(
        calendar.entry(activity, external_url("agenda.show", id=id)), f"confer-{id}.ics"
    )


@blueprint.get("/agenda/feed.ics")
@open_to(Audience.EVERYONE)
def feed() -> Response:
    ids = queries.ids_of_feed(db.session, Filters.read(request.args), at=now())
    found = db.session.scalars(Activity.whole().where(Activity.id.in_(ids))).unique().all()
    page = external_url("agenda.index")
    return _calendar(
        calendar.feed([(a, f"{page}/{a.id}") for a in found], name=_("Confer agenda")),
        "confer.ics",
    )


@blueprint.route("/zone", methods=["GET", "POST"])
@open_to(Audience.EVERYONE)
def choose_zone() -> Response | str | tuple[str, int]:
    """Where the reader is: kept in the profile of a person, in a cookie for strangers."""
    back = safe_next(request.values.get("next"), url_for(".index"))
    offered = request.args.get("zone", "")
    form = ZoneForm(data={"zone": offered if offered in locale.zones() else locale.zone()})
    if not form.validate_on_submit():
        return render_form("agenda/choose_zone.html", form, back=back)
    answer = redirect(back, 303)
    if person := me():
        person.zone = form.zone.data
        record(db.session, "person.zone_chosen", by=person, at=now(), on=person, zone=person.zone)
    else:
        answer.set_cookie(
            "zone", form.zone.data, max_age=YEAR, samesite="Lax", httponly=True,
            secure=request.is_secure,
        )  # fmt: skip
    return answer


def _starts_in(first: date, entry: months.Entry) -> bool:
    return entry.on is not None and entry.on.replace(day=1) == first


@lru_cache(maxsize=2048)
def _row(row: queries.Listed, zone: str, language: str, has_day: bool) -> Markup:
    """A row as it is written. All that it says is in the key, so it never grows stale."""
    [entry] = months.entries([row], zone)
    return Markup(get_template_attribute("agenda/_row.html", "row")(entry, has_day))


@lru_cache(maxsize=16)
def _choices(language: str) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer, in a language."""
    return {"professions": list(words.professions().items()), "languages": locale.languages()}


def _frame(filters: Filters, societies: list[queries.Badge]) -> dict[str, Any]:
    """What the list and the month have in common: the filters and the ways between them."""
    return {
        "filters": filters,
        "societies": societies,
        **_choices(str(get_locale())),
        "webcal": calendar.webcal(external_url("agenda.feed", **filters.chosen)),
    }


def _calendar(text: str, name: str) -> Response:
    """A calendar file with an entity tag of its content, so that subscribers ask cheaply."""
    answer = make_response(text)
    answer.mimetype = "text/calendar"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.add_etag()
    return answer.make_conditional(request)
