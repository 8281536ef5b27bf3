"""The desk's pages of a series: planning it by its preview, changing and announcing it together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value
from werkzeug.wrappers import Response

from app.access import Audience, current_person, one_or_404, open_to, society_ids
from app.agenda import board, board_words, recurrence_words
from app.agenda.clashes import Slot, Voice
from app.agenda.forms import PlanForm, filled
from app.agenda.kinds import Part
from app.agenda.models import Activity
from app.agenda.planning import Texts
from app.agenda.recurrence import occurrences
from app.agenda.series import (
    Changes,
    Series,
    SeriesPlace,
    add_dates,
    against_change,
    against_hours,
    announce_ready,
    change,
    changeable,
    owing,
    plan_series,
)
from app.agenda.series_forms import ChangeForm, DatesForm, RuleForm, SeriesForm, begun
from app.agenda.template_views import prefilled
from app.agenda.templates import kept
from app.clock import now, today
from app.db import LARGEST_KEY, db
from app.errors import Refusal
from app.forms import render_form
from app.societies.models import Office, Society

blueprint = Blueprint("series", __name__, url_prefix="/desk/series")
Page = Response | str | tuple[str, int]
Notes = list[list[str]]
PAGE = 20


@blueprint.get("")
@open_to(Audience.ADMINISTRATOR)
def index() -> str:
    """The series that the person's societies planned, the newest first."""
    webinars = func.count(SeriesPlace.activity_id)
    before = min(request.args.get("before", LARGEST_KEY, type=int), LARGEST_KEY)
    found = db.session.execute(
        select(Series, webinars, func.min(Activity.starts_at), func.max(Activity.starts_at))
        .select_from(Series)
        .join(SeriesPlace, SeriesPlace.series_id == Series.id)
        .join(Activity, Activity.id == SeriesPlace.activity_id)
        .where(Series.society_id.in_(_mine()), Series.id < before)
        .group_by(Series.id)
        .options(joinedload(Series.society))
        .order_by(Series.id.desc())
        .limit(PAGE + 1)
    ).all()
    return render_template(
        "agenda_series/index.html",
        rows=found[:PAGE],
        next=found[PAGE - 1][0].id if len(found) > PAGE else None,
        is_first=before == LARGEST_KEY,
        told=recurrence_words.told,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def plan() -> Page:
    form, at = SeriesForm(data=prefilled()), now()
    societies = _offer(form)
    if "more" in request.form:
        form.spare()
        return _planned(form, [])
    if not form.validate_on_submit():
        form.drop_unreadable_days()
        return render_form("agenda_series/plan.html", form, notes=[])
    lead, others = form.held_by(societies)
    texts, capacity = form.texts, form.capacity.data
    if not _may_be_made(form, texts, [lead, *others], capacity, at):
        return _planned(form, _notes(form, texts, [lead, *others]))
    series = plan_series(
        db.session, form.rule, form.wanted, texts, is_numbered=form.is_numbered.data,
        capacity=capacity, lead=lead, others=others, by=current_person(), at=at,
    )  # fmt: skip
    _flash_made(len(form.wanted))
    return redirect(url_for(".show", id=series.id), 303)


@blueprint.get("/<int:id>")
@open_to(Audience.ADMINISTRATOR)
def show(id: int) -> str:
    series, at = _series(id), now()
    places = _places(series)
    ready = [p for p in changeable(series, places, at=at) if not p.activity.is_announced]
    return render_template(
        "agenda_series/show.html",
        series=series,
        rule=recurrence_words.told(series.told_rule),
        places=places,
        changeable={p.activity_id for p in changeable(series, places, at=at)},
        drafts=len(ready),
        at=at,
        mine=_mine(),
    )


@blueprint.route("/<int:id>/dates", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def extend(id: int) -> Page:
    """Further dates: the same preview, then drafts in the words of the last webinar."""
    series, at = _series(id), now()
    last = _places(series)[-1].activity
    after = max(today(last.zone), datetime.fromisoformat(last.starts_local).date())
    form = DatesForm(data={**begun(series.told_rule), "from_on": after + timedelta(days=1)})
    if not form.validate_on_submit():
        form.drop_unreadable_days()
        return render_form("agenda_series/extend.html", form, series=series, notes=[])
    if not _may_be_made(form, last.texts, last.societies, last.capacity, at):
        notes = _notes(form, last.texts, last.societies)
        return _shown("agenda_series/extend.html", form, series=series, notes=notes)
    add_dates(series, form.rule, form.wanted, by=current_person(), at=at)
    _flash_made(len(form.wanted))
    return redirect(url_for(".show", id=id), 303)


@blueprint.route("/<int:id>/change", methods=["GET", "POST"])
@blueprint.route("/<int:id>/change/<int:start>", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def edit(id: int, start: int | None = None) -> Page:
    """Change all that are still to come, or those from one webinar on."""
    series, at = _series(id), now()
    places = changeable(series, _places(series), at=at, start=start)
    if not places:
        raise Refusal(_("Nothing of this series can be changed any more."))
    first = places[0].activity
    seen = _seen(series, first)
    form = ChangeForm(data={**filled(first), "title": series.title, "seen": seen})
    page = {"series": series, "places": places, "start": start}
    if "more" in request.form:
        form.spare()
        return render_template("agenda_series/change.html", form=form, **page)
    if form.validate_on_submit() and _is_as_seen(form, seen):
        changes = _changes(form, series, first)
        if not form.refuse_newcomers(owing(places, changes)) and not _refuse(
            form, against_change(series, places, changes, at=at)
        ):
            return _change(series, places, changes, at)
    return render_form("agenda_series/change.html", form, **page)


@blueprint.post("/<int:id>/announcement")
@open_to(Audience.ADMINISTRATOR)
def announce(id: int) -> Response:
    """Announce what is ready; the page then says of the rest why not."""
    series = _series(id)
    done, held_back = announce_ready(series, _places(series), by=current_person(), at=now())
    if done:
        flash(ngettext("%(num)d webinar is announced.", "%(num)d webinars are announced.",
                       len(done)), "good")  # fmt: skip
    if held_back:
        waiting = len(held_back)
        flash(ngettext("%(num)d is not ready: its line says why.",
                       "%(num)d are not ready: their lines say why.", waiting), "warn")  # fmt: skip
    return redirect(url_for(".show", id=id), 303)


def _may_be_made(
    form: RuleForm, texts: Texts, societies: Sequence[Society], capacity: int | None, at: datetime
) -> bool:
    """Whether the days were shown, are wanted, and nothing stands against them."""
    days = occurrences(form.rule)
    was_shown = form.is_shown(days)
    if not was_shown:
        form.show(days)
    if not days:
        form.every.errors = [_("No day falls on this. Look at the months left out and the end.")]
        return False
    wanted = form.wanted
    found = against_hours(db.session, wanted, form.zone.data, texts, societies, capacity, at)
    if form.refuse_days(found) or not was_shown or "make" not in request.form:
        return False
    if not wanted:
        form.every.errors = [_("Tick at least one day.")]
    return bool(wanted)


def _notes(form: RuleForm, texts: Texts, societies: Sequence[Society]) -> Notes:
    """What else is on each day of the preview."""
    mine, zone = _mine(), form.zone.data
    voices = tuple(Voice(n.name, n.address) for n in texts.speakers if n.part is not Part.PLANNER)
    held_by = tuple(society.id for society in societies)
    slots: dict[int, Slot] = {}
    for place, row in enumerate(form.rows):
        hour = form.hour(row.form)
        starts, ends = hour.starts_at(zone), hour.ends_at(zone)
        if starts and ends:
            slots[place] = Slot(0, texts.title, starts, ends, held_by, texts.audiences, voices,
                                zone=zone, number=place)  # fmt: skip
    of = board.partners(db.session, mine, on=today())
    told = board_words.foreseen(db.session, [*slots.values()], societies, mine, of=of)
    by_place = dict(zip(slots, told, strict=True))
    return [by_place.get(place, []) for place in range(len(form.rows.entries))]


def _planned(form: SeriesForm, notes: Notes) -> Page:
    return _shown("agenda_series/plan.html", form, notes=notes)


def _shown(template: str, form: RuleForm, **page: Any) -> Page:
    """The preview is an answer of its own; only what was to be made and cannot be is refused."""
    status = 422 if "make" in request.form and form.errors else 200
    return render_template(template, form=form, **page), status


def _seen(series: Series, first: Activity) -> str:
    """A digest of what the form of changes was filled with."""
    told = json.dumps([series.title, first.id, kept(first, first.lead)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _is_as_seen(form: ChangeForm, seen: str) -> bool:
    if form.seen.data == seen:
        return True
    form.seen.data = seen
    form.form_errors = [
        _("Somebody changed the series in the meantime. Look at it once more, then save.")
    ]
    return False


def _changes(form: ChangeForm, series: Series, first: Activity) -> Changes:
    """What differs from what the form was filled with."""
    before, after = replace(first.texts, title=series.title), form.texts
    words = {
        one.name: getattr(after, one.name)
        for one in fields(Texts)
        if _plain(getattr(before, one.name)) != _plain(getattr(after, one.name))
    }
    title = words.pop("title", None)
    plan = first.plan
    return Changes(
        words,
        title=title,
        start=form.start.data if form.start.data != plan.start else None,
        minutes=form.minutes.data if form.minutes.data != plan.minutes else None,
    )


def _plain(value: object) -> object:
    """Text without what browsers make of the ends of its lines."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _refuse(form: ChangeForm, found: Sequence[Any]) -> bool:
    for one in found:
        field = form[one.field if one.field in form else "start"]
        field.errors = [*field.errors, str(one)]
    return bool(found)


def _change(
    series: Series, places: Sequence[SeriesPlace], changes: Changes, at: datetime
) -> Response:
    if changes.is_none:
        flash(_("Nothing was different, so nothing has changed."), "plain")
    else:
        change(series, places, changes, by=current_person(), at=at)
        flash(ngettext("%(num)d webinar is changed.", "%(num)d webinars are changed.",
                       len(places)), "good")  # fmt: skip
    return redirect(url_for(".show", id=series.id), 303)


def _flash_made(count: int) -> None:
    flash(ngettext("%(num)d draft is made.", "%(num)d drafts are made.", count), "good")


def _series(id: int) -> Series:
    """A series that a society of the person planned."""
    return one_or_404(Series.of(_mine()).where(Series.id == id).options(joinedload(Series.society)))


def _places(series: Series) -> list[SeriesPlace]:
    """The webinars of a series in order, with all that a page shows of them."""
    held = select(SeriesPlace.activity_id).where(SeriesPlace.series_id == series.id)
    activities = db.session.scalars(Activity.whole().where(Activity.id.in_(held))).unique().all()
    known = {activity.id: activity for activity in activities}
    for place in series.places:
        set_committed_value(place, "activity", known[place.activity_id])
    return series.places


def _offer(form: PlanForm) -> list[Society]:
    societies = list(db.session.scalars(Society.by_name()))
    own = set(_mine())
    form.offer([s for s in societies if s.id in own], societies)
    return societies


def _mine() -> list[int]:
    return society_ids(Office.COURSE_ADMINISTRATOR)
