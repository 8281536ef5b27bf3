"""Who takes part in the dialogue of a webinar, and who leads it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.access import current_person, one_or_404, society_ids
from app.agenda.kinds import Part
from app.agenda.models import Activity, Announcement, Kind, Organiser, Speaker
from app.agenda.profiles import SpeakerProfile
from app.db import db
from app.dialogue.models import FloorQuestion
from app.dialogue.polls import Poll
from app.dialogue.queries import enrolment_on
from app.enrolments.models import Enrolment
from app.societies.models import Office


def place_on(activity_id: int) -> Enrolment:
    """The reader's place on a webinar; whoever has none is led to where one gets it."""
    webinar = select(Activity.id).join(Announcement).where(
        Activity.id == activity_id, Activity.kind == Kind.WEBINAR
    )  # fmt: skip
    one_or_404(webinar)
    mine = enrolment_on(activity_id, current_person().id)
    enrolment = db.session.scalars(mine).unique().one_or_none()
    if enrolment is not None and enrolment.has_place:
        return enrolment
    flash(_("Questions and polls are for those who have a place. Here you see how to get one."))
    abort(redirect(url_for("agenda.show", id=activity_id), 303))


def question_seen(id: int) -> tuple[FloorQuestion, Enrolment]:
    """A question that nobody has hidden, and the reader's place on its webinar."""
    visible = select(FloorQuestion).where(FloorQuestion.id == id, FloorQuestion.hidden_at.is_(None))
    question = one_or_404(visible)
    return question, place_on(question.activity_id)


def webinar_moderated(id: int) -> Activity:
    """An announced webinar whose questions the reader leads, as its staff or as a moderator."""
    return one_or_404(
        Activity.announced().where(
            Activity.id == id, Activity.kind == Kind.WEBINAR, _is_moderated(Activity.id)
        )
    )


def question_led(id: int) -> FloorQuestion:
    """A question put in a webinar whose questions the reader leads."""
    return one_or_404(
        select(FloorQuestion)
        .where(FloorQuestion.id == id, _is_moderated(FloorQuestion.activity_id))
        .options(
            joinedload(FloorQuestion.person), joinedload(FloorQuestion.reply),
            selectinload(FloorQuestion.hidings), _holders(FloorQuestion.activity),
        )
    )  # fmt: skip


def poll_led(id: int) -> Poll:
    """A poll of a webinar that one of the reader's societies holds."""
    held = select(Poll).where(Poll.id == id, Poll.activity_id.in_(_held()))
    return one_or_404(held.options(_holders(Poll.activity)))


def poll_seen(id: int) -> Poll:
    """A poll that was opened."""
    opened = select(Poll).where(Poll.id == id, Poll.opened_at.is_not(None))
    return one_or_404(opened.options(joinedload(Poll.activity)))


def leads(activity_id: int) -> bool:
    """Whether the reader is course administrator of a society that holds this."""
    held = _held().where(Organiser.activity_id == activity_id)
    return db.session.scalars(held.limit(1)).first() is not None


def _held() -> Select[int]:
    societies = society_ids(Office.COURSE_ADMINISTRATOR)
    return select(Organiser.activity_id).where(Organiser.society_id.in_(societies))


def _is_moderated(activity_id: Any) -> ColumnElement[bool]:
    """Held by a society of the reader's office, or moderated by the reader themselves."""
    moderated = (
        select(Speaker.activity_id)
        .join(SpeakerProfile, SpeakerProfile.speaker_id == Speaker.id)
        .where(
            SpeakerProfile.person_id == current_person().id,
            Speaker.part == Part.MODERATOR,
            Speaker.has_left.is_(False),
        )
    )
    return or_(activity_id.in_(_held()), activity_id.in_(moderated))


def _holders(activity: Any) -> Any:
    """Load the activity with the societies that hold it."""
    whole = joinedload(activity, innerjoin=True)
    return whole.selectinload(Activity.organisers).joinedload(Organiser.society, innerjoin=True)
