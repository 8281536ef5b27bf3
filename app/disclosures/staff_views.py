"""Disclosures at the desk: who declared and who did not, reviews, reminders."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.access import Audience, current_person, one_or_404, open_to, society_ids
from app.agenda import words as agenda_words
from app.agenda.models import Activity
from app.agenda.speakers import Speaker
from app.clock import now, today
from app.db import db
from app.disclosures import queries, words
from app.disclosures.declaring import against_declaring, months_before
from app.disclosures.forms import RecordForm, ReviewForm, filled
from app.disclosures.models import REVIEWERS, Disclosure, declare
from app.disclosures.reminding import remind
from app.disclosures.reviewing import against_reviewing, concern, review
from app.disclosures.standing import obstacles
from app.errors import Refusal
from app.forms import render_form

blueprint = Blueprint("disclosures", __name__, url_prefix="/desk/activities/<int:id>/disclosures")


@blueprint.get("")
@open_to(Audience.STAFF)
def index(id: int) -> ResponseReturnValue:
    activity = _within_reach(id)
    standings = queries.standings(db.session, activity)
    return render_template(
        "disclosures/index.html",
        activity=activity,
        standings=standings,
        missing=obstacles(standings) if activity.has_credits else [],
        concerned=concern(current_person(), activity.speakers),
        said=words,
        part=agenda_words.part,
    )


@blueprint.post("/reminder")
@open_to(Audience.STAFF)
def send_reminder(id: int) -> ResponseReturnValue:
    """Write to everyone whose declaration is missing."""
    activity = _within_reach(id)
    done = remind(db.session, activity, by=current_person(), at=now())
    if done.written_to:
        count = len(done.written_to)
        flash(ngettext("%(num)d person is reminded by mail.",
                       "%(num)d people are reminded by mail.", count), "good")  # fmt: skip
    if done.lately:
        flash(_("Written to within the last hour already: %(names)s.",
                names=", ".join(done.lately)))  # fmt: skip
    if done.out_of_reach:
        flash(_("Without an e-mail address: %(names)s. Enter it in the programme.",
                names=", ".join(done.out_of_reach)), "warn")  # fmt: skip
    return redirect(url_for(".index", id=id), 303)


@blueprint.route("/<int:speaker_id>", methods=["GET", "POST"])
@open_to(Audience.STAFF)
def show(id: int, speaker_id: int) -> ResponseReturnValue:
    """What one declared, version by version; and the review of the one that counts."""
    activity = _within_reach(id)
    speaker = _one(activity, speaker_id)
    versions = queries.history(db.session, speaker)
    latest = versions[0] if versions else None
    form = ReviewForm(data={"seen": str(latest.id) if latest else ""})
    concerned = concern(current_person(), activity.speakers)
    if form.is_submitted() and concerned:
        raise Refusal(concerned)
    if latest is not None and form.validate_on_submit() and _may_review(form, latest, activity):
        review(latest, form.verdict, activity=activity, by=current_person(), at=now(),
               is_latest=form.seen.data == str(latest.id))  # fmt: skip
        flash(_("Your review of %(name)s is kept.", name=speaker.name), "good")
        return redirect(url_for(".index", id=id), 303)
    form.seen.data = str(latest.id) if latest else ""
    return render_form(
        "disclosures/show.html", form, activity=activity, speaker=speaker, versions=versions,
        concerned=concerned, said=words, part=agenda_words.part,
    )  # fmt: skip


@blueprint.route("/<int:speaker_id>/record", methods=["GET", "POST"])
@open_to(Audience.STAFF)
def record(id: int, speaker_id: int) -> ResponseReturnValue:
    """Write down a declaration that came on paper or by mail, and where it came from."""
    activity = _within_reach(id)
    speaker = _one(activity, speaker_id)
    standing = queries.of_speaker(db.session, speaker)
    form = RecordForm(data=filled(standing.declared if standing else None))
    facts = {"activity": activity, "speaker": speaker, "since": months_before(today())}
    if form.is_submitted() and "more" in request.form:
        form.spare()
        return render_template("disclosures/record.html", form=form, **facts)
    if form.validate_on_submit() and not form.refuse(against_declaring(form.declared, on=today())):
        declare(
            speaker, form.declared, by=current_person(), at=now(), source=form.source.data or ""
        )
        flash(_("Recorded. It goes on to be reviewed."), "good")
        return redirect(url_for(".show", id=id, speaker_id=speaker_id), 303)
    return render_form("disclosures/record.html", form, **facts)


def _may_review(form: ReviewForm, latest: Disclosure, activity: Activity) -> bool:
    against = against_reviewing(
        latest, form.verdict, by=current_person(), programme=activity.speakers,
        is_latest=form.seen.data == str(latest.id),
    )  # fmt: skip
    return not form.refuse(against)


def _within_reach(id: int) -> Activity:
    """An activity of a society in which the person plans, educates or presides."""
    reach = Activity.organised_by(society_ids(*REVIEWERS))
    return one_or_404(
        reach.where(Activity.id == id).options(
            selectinload(Activity.named).joinedload(Speaker.profile)
        )
    )


def _one(activity: Activity, speaker_id: int) -> Speaker:
    on_programme = select(Speaker).where(
        Speaker.id == speaker_id, Speaker.activity_id == activity.id, Speaker.has_left.is_(False)
    )
    return one_or_404(on_programme.options(joinedload(Speaker.profile)))
