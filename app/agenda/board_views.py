"""The planning board of the joint agenda: a month of drafts and webinars, and what clashes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import DateField, HiddenField, TimeField
from wtforms.validators import InputRequired

from app import locale
from app.access import Audience, current_person, one_or_404, open_to, society_ids
from app.addresses import safe_next
from app.agenda import board, board_words, months, public_holidays, words
from app.agenda.clashes import Clash, Reason, Slot, by_webinar
from app.agenda.forms import fold_field
from app.agenda.models import Activity, Kind, against
from app.agenda.moving import shifted
from app.agenda.obstacles import Obstacle, Twice
from app.agenda.planning import Plan
from app.clock import now, today
from app.db import db
from app.forms import Form, render_form
from app.societies.models import Office, Society

blueprint = Blueprint("board", __name__, url_prefix="/desk/board")
Page = Response | str | tuple[str, int]
MOST_CLASHES = 100
MOST_TOLD = 3
"""Warnings that one flash carries: it travels in a cookie."""
MOST_PEOPLE = 2
"""Professions that an entry names before it only counts them."""


@dataclass(frozen=True)
class Entry:
    """A session as a day of the board shows it."""

    slot: Slot
    on: date
    day_there: date
    """Its day in its own zone."""
    when: str
    society: Society
    societies: list[Society]
    people: str
    href: str | None
    move: str | None
    worst: Reason | None


@dataclass(frozen=True)
class Told:
    """A clash in words."""

    clash: Clash
    kind: str
    hours: str
    pair: tuple[Entry, Entry]
    why: str


class MoveForm(Form):
    """Another day or hour for a draft."""

    on = DateField(_l("Day"), [InputRequired(_l("On which day?"))])
    start = TimeField(_l("Start"), [InputRequired(_l("At what time?"))])
    fold = fold_field()
    next = HiddenField()

    def refuse(self, obstacles: Sequence[Obstacle]) -> bool:
        """Tell each obstacle at its field; whether there was any."""
        for one in obstacles:
            field = self[one.field if one.field in self else "on"]
            field.errors = [*field.errors, str(one)]
            if isinstance(one, Twice):
                self.fold.choices = one.choices
        return bool(obstacles)


@blueprint.get("")
@open_to(Audience.ADMINISTRATOR)
def index() -> str:
    mine, zone = society_ids(Office.COURSE_ADMINISTRATOR), locale.zone()
    first = months.read_month(request.args.get("month", "")) or today(zone).replace(day=1)
    of = board.partners(db.session, mine, on=today())
    everyone = list(db.session.scalars(Society.by_name()))
    societies = [s for s in everyone if s.id in of]
    chosen = [s for s in societies if s.code in request.args.getlist("society")]
    weeks = months.days(first, get_locale().first_week_day)
    found = board.read(
        db.session, *months.stretch(weeks, zone), of=of, shown=[s.id for s in chosen]
    )
    shown = chosen or societies
    worst = {id: told[0].worst for id, told in by_webinar(found.clashes).items()}
    known = {s.id: s for s in everyone}
    entries = [_entry(slot, known, mine, zone, worst) for slot in found.slots]
    clashes = _in(first, zone, found.clashes)
    held = [entry for entry in entries if entry.on.replace(day=1) == first]
    return render_template(
        "agenda_board/index.html",
        first=first,
        weeks=weeks,
        today=today(zone),
        by_day=_by_day(entries),
        lanes=_lanes(shown, held, weeks),
        holidays=public_holidays.between({s.country for s in shown}, weeks[0][0], weeks[-1][-1]),
        holiday_told=public_holidays.told,
        clashes=[_told(c, known, mine, zone, worst) for c in clashes[:MOST_CLASHES]],
        clashes_left=max(0, len(clashes) - MOST_CLASHES),
        is_whole=found.is_whole,
        is_empty=not held,
        societies=societies,
        chosen={s.code for s in chosen},
        by="society" if request.args.get("by") == "society" else "month",
        before=months.month_before(first),
        after=months.month_after(first),
    )


@blueprint.route("/<int:id>/move", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def move(id: int) -> Page:
    """Another day for a draft, by dragging it or by this form. The hour of what is announced is
    moved where everyone enrolled is told of it."""
    activity, at = _led(id), now()
    if activity.is_announced:
        return redirect(
            url_for("agenda_changes.reschedule", id=id, on=request.values.get("on")), 303
        )
    plan = activity.plan
    form = MoveForm(
        data={"on": plan.on, "start": plan.start, "fold": plan.fold,
              "next": request.args.get("next", "")}
    )  # fmt: skip
    back = safe_next(form.next.data, url_for(".index", month=f"{plan.on:%Y-%m}"))
    if form.validate_on_submit():
        try:
            wanted = shifted(plan, form.on.data, form.start.data, _fold(form, plan))
        except OverflowError:
            form.on.errors = [_("Its further sessions would be too far ahead. Is the year right?")]
            return render_form("agenda_board/move.html", form, activity=activity, back=back)
        if not form.refuse(against(db.session, wanted, activity.texts, activity.societies, at=at)):
            activity.revise(
                wanted, activity.texts, lead=activity.lead, others=activity.beside,
                by=current_person(), at=at,
            )  # fmt: skip
            moment = locale.moment(activity.starts_at or at, activity.zone)
            flash(_("%(title)s is moved to %(time)s.", title=activity.title, time=moment), "good")
            tell_of_the_day(activity)
            return redirect(back, 303)
    return render_form("agenda_board/move.html", form, activity=activity, back=back)


def wished_day(plan: Plan) -> dict[str, Any]:
    """The day to which a webinar was dragged on the board, as a form of its hours takes it."""
    try:
        on = date.fromisoformat(request.args.get("on", ""))
        wanted = shifted(plan, on, plan.start, None)
    except (ValueError, OverflowError):
        return {}
    return {"on": on, "further": [vars(hour) for hour in wanted.further]}


def tell_of_the_day(activity: Activity) -> None:
    """Say what else is on the days of a webinar that was saved: nothing stops it."""
    if not activity.is_webinar:
        return
    mine = society_ids(Office.COURSE_ADMINISTRATOR)
    told = board_words.on_that_day(db.session, activity, mine, on=today())
    if told:
        more = len(told) - MOST_TOLD
        said = [
            *told[:MOST_TOLD],
            *([_("The board shows %(count)d more.", count=more)] if more > 0 else []),
        ]
        flash(_("On that day: %(what)s", what=" ".join(said)), "warn")


def _fold(form: MoveForm, plan: Plan) -> int | None:
    """Which of two equal times: as it was said, or as it was before where nothing moved."""
    if form.fold.data in {0, 1}:
        return int(form.fold.data)
    return plan.fold if (form.on.data, form.start.data) == (plan.on, plan.start) else None


def _led(id: int) -> Activity:
    reach = Activity.led_by(society_ids(Office.COURSE_ADMINISTRATOR))
    return one_or_404(reach.where(Activity.id == id, Activity.kind == Kind.WEBINAR))


def _entry(
    slot: Slot, known: Mapping[int, Society], mine: Sequence[int], zone: str,
    worst: Mapping[int, Reason],
) -> Entry:  # fmt: skip
    held_by = [known[s] for s in slot.societies]
    is_mine, leads = bool(set(mine) & set(slot.societies)), slot.lead in mine
    href = None
    if is_mine:
        href = f"/desk/activities/{slot.id}"
    elif slot.is_announced:
        href = f"/agenda/{slot.id}"
    starts = locale.in_zone(slot.starts_at, zone)
    stands = slot.is_announced and slot.starts_at <= now()
    return Entry(
        slot=slot,
        on=starts.date(),
        day_there=locale.in_zone(slot.starts_at, slot.zone).date(),
        when=f"{starts:%H:%M}",
        society=held_by[0],
        societies=held_by,
        people=_people(slot.audiences),
        href=href,
        move=f"/desk/board/{slot.id}/move" if leads and slot.number == 1 and not stands else None,
        worst=worst.get(slot.id),
    )


def _people(audiences: frozenset[str]) -> str:
    """Radiologists, Engineers and 3 more"""
    named = sorted(words.profession(one) for one in audiences)
    if len(named) <= MOST_PEOPLE + 1:
        return ", ".join(named)
    first = ", ".join(named[:MOST_PEOPLE])
    return _("%(first)s and %(count)d more", first=first, count=len(named) - MOST_PEOPLE)


def _by_day(entries: Sequence[Entry]) -> dict[date, list[Entry]]:
    found: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.on].append(entry)
    return dict(found)


def _lanes(
    societies: Sequence[Society], entries: Sequence[Entry], weeks: Sequence[Sequence[date]]
) -> list[tuple[Society, list[tuple[date, list[Entry]]]]]:
    """What each society holds, week by week; what several hold stands in each of their lanes."""
    lanes: dict[tuple[int, date], list[Entry]] = defaultdict(list)
    for entry in entries:
        monday = next(week[0] for week in weeks if week[0] <= entry.on <= week[-1])
        for society in entry.societies:
            lanes[society.id, monday].append(entry)
    return [
        (society, [(week[0], lanes.get((society.id, week[0]), [])) for week in weeks])
        for society in societies
    ]


def _in(first: date, zone: str, clashes: Sequence[Clash]) -> list[Clash]:
    """The clashes of a month, the worst first."""
    after = first + timedelta(days=32)
    ends = after.replace(day=1)
    of_month = [
        c for c in clashes if first <= locale.in_zone(c.other.starts_at, zone).date() < ends
    ]
    return sorted(of_month, key=lambda c: [*Reason].index(c.worst))


def _told(
    clash: Clash, known: Mapping[int, Society], mine: Sequence[int], zone: str,
    worst: Mapping[int, Reason],
) -> Told:  # fmt: skip
    one, other = (_entry(s, known, mine, zone, worst) for s in (clash.one, clash.other))
    return Told(
        clash=clash,
        kind="bad" if clash.worst is Reason.SPEAKER else "warn",
        hours=locale.span(*clash.hours, zone),
        pair=(one, other),
        why=board_words.why(clash, mine, {s.id: s.short for s in known.values()}),
    )
