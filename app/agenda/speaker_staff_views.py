"""A programme at the desk: who has the link to their page, and what they handed in."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from app.access import Audience, current_person, one_or_404, open_to, society_ids
from app.agenda import emails, profiles, words
from app.agenda.contributions import brought_by
from app.agenda.export import download
from app.agenda.models import Activity
from app.agenda.profiles import Material
from app.agenda.speakers import Speaker
from app.clock import now
from app.db import db
from app.societies.models import Office

blueprint = Blueprint("speakers_staff", __name__, url_prefix="/desk/activities/<int:id>/speakers")


@blueprint.get("")
@open_to(Audience.ADMINISTRATOR)
def index(id: int) -> str:
    activity = _within_reach(id)
    people = _people(activity)
    letters: dict[int, list[profiles.SpeakerInvitation]] = {}
    for letter in profiles.invitations(db.session, people):
        letters.setdefault(letter.speaker_id, []).append(letter)
    return render_template(
        "agenda_staff/speakers.html",
        activity=activity,
        people=people,
        letters=letters,
        materials=db.session.scalars(Material.of(activity)).all(),
        part=words.part,
        leads=_leads(activity),
        own=_own(activity),
    )


@blueprint.post("/<int:speaker_id>/invitation")
@open_to(Audience.ADMINISTRATOR)
def invite(id: int, speaker_id: int) -> Response:
    speaker = _one(id, speaker_id)
    emails.invite(db.session, speaker, by=current_person(), at=now())
    flash(_("The link is on its way to %(name)s.", name=speaker.name), "good")
    return redirect(url_for(".index", id=id), 303)


@blueprint.post("/<int:speaker_id>/revocation")
@open_to(Audience.ADMINISTRATOR)
def revoke(id: int, speaker_id: int) -> Response:
    speaker = _one(id, speaker_id)
    profiles.revoke(speaker, by=current_person(), at=now())
    flash(_("No link to the page of %(name)s works any more.", name=speaker.name), "good")
    return redirect(url_for(".index", id=id), 303)


@blueprint.get("/material/<int:material_id>")
@open_to(Audience.ADMINISTRATOR)
def material(id: int, material_id: int) -> Response:
    activity = _within_reach(id)
    return download(one_or_404(Material.of(activity).where(Material.id == material_id)))


def _within_reach(id: int) -> Activity:
    """An activity of a society in which the person is course administrator."""
    reach = Activity.organised_by(society_ids(Office.COURSE_ADMINISTRATOR))
    return one_or_404(reach.where(Activity.id == id))


def _people(activity: Activity) -> list[Speaker]:
    """Everyone on the programme, with what they tell of themselves."""
    found = (
        select(Speaker)
        .where(Speaker.activity_id == activity.id, Speaker.has_left.is_(False))
        .options(joinedload(Speaker.profile))
        .order_by(Speaker.position)
    )
    return list(db.session.scalars(found))


def _one(id: int, speaker_id: int) -> Speaker:
    """Someone on the programme to whom the person's society writes."""
    activity = _within_reach(id)
    speaker = one_or_404(
        select(Speaker).where(
            Speaker.id == speaker_id,
            Speaker.activity_id == activity.id,
            Speaker.has_left.is_(False),
        )
    )
    return speaker if speaker.id in _own(activity) else abort(404)


def _own(activity: Activity) -> set[int]:
    """Everyone for the leading society; for those beside it, the speakers whom they brought."""
    if _leads(activity):
        return {speaker.id for speaker in activity.speakers}
    return brought_by(db.session, activity, society_ids(Office.COURSE_ADMINISTRATOR))


def _leads(activity: Activity) -> bool:
    return activity.lead.id in society_ids(Office.COURSE_ADMINISTRATOR)
