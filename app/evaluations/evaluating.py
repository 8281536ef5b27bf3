"""The act of evaluating: a receipt for the person, and answers without one.

It leaves no entry in the journal: entries keep their order and their moment, and would tell in
which order people answered. The receipt is its trace.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from random import Random

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.attendance.models import Participant
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.evaluations.mixing import Said, deal
from app.evaluations.models import EvaluationAnswer, EvaluationForm, EvaluationItem, Receipt
from app.texts import gettext as _


@dataclass(frozen=True)
class Obstacle:
    """A reason why somebody cannot evaluate a webinar now."""

    kind: str  # "nothing" | "cancelled" | "no place" | "not over" | "closed" | "given"

    def __str__(self) -> str:
        return {
            "nothing": _("This webinar has no evaluation."),
            "cancelled": _("This webinar was cancelled."),
            "no place": _("Only those who had a place in this webinar evaluate it."),
            "not over": _("The evaluation opens when the webinar is over."),
            "closed": _("The time to evaluate this webinar is over."),
            "given": _("You have evaluated this webinar already. Thank you."),
        }[self.kind]


def obstacles(
    form: EvaluationForm | None, *, is_cancelled: bool, took_part: bool, has_given: bool,
    at: datetime,
) -> list[Obstacle]:  # fmt: skip
    """What stands between a person and the evaluation; none means please do."""
    if form is None or not form.items:
        return [Obstacle("nothing")]
    if is_cancelled:
        return [Obstacle("cancelled")]
    if not took_part:
        return [Obstacle("no place")]
    if has_given:
        return [Obstacle("given")]
    if form.is_closed(at):
        return [Obstacle("closed")]
    return [] if form.is_open(at) else [Obstacle("not over")]


def took_part(session: Session, enrolment: Enrolment) -> bool:
    """Whether somebody had a place, or was there although they waited for one."""
    if enrolment.has_place:
        return True
    came = select(Participant.id).where(Participant.enrolment_id == enrolment.id)
    return enrolment.is_active and session.scalars(came.limit(1)).first() is not None


def against(
    session: Session, form: EvaluationForm | None, enrolment: Enrolment, *, at: datetime
) -> list[Obstacle]:
    """The obstacles of one person."""
    return obstacles(
        form,
        is_cancelled=enrolment.activity.cancelled_at is not None,
        took_part=took_part(session, enrolment),
        has_given=session.get(Receipt, enrolment.id) is not None,
        at=at,
    )


def evaluate(
    session: Session, form: EvaluationForm, enrolment: Enrolment, said: Iterable[Said], *,
    at: datetime, chance: Random | None = None,
) -> Receipt:  # fmt: skip
    """Take in what somebody says, once; from the first answer on the form stands."""
    session.flush()
    session.refresh(form, ["frozen_on"], with_for_update=True)
    if given := session.get(Receipt, enrolment.id):
        return given
    Refusal.unless_none(against(session, form, enrolment, at=at))
    answers = _answering(form, said)
    day = at.astimezone(UTC).date()
    receipt = Receipt(enrolment_id=enrolment.id, form_id=form.id, on=day)
    form.frozen_on = form.frozen_on or day
    session.add(receipt)
    session.flush()
    _mix(session, form, answers, chance or secrets.SystemRandom())
    return receipt


def _answering(form: EvaluationForm, said: Iterable[Said]) -> list[Said]:
    """What was said, when each of it answers an item of this form; anything else is a mistake."""
    items, found = {item.id: item for item in form.items}, list(said)
    for one in found:
        item = items.get(one.item_id)
        if item is None or item.per_speaker != (one.speaker_id is not None):
            raise ValueError("this is not asked")
        if not item.can_be(one.value, one.text):
            raise ValueError("this is none of the answers to choose from")
    return found


def _mix(session: Session, form: EvaluationForm, said: list[Said], chance: Random) -> None:
    """Write all answers that wait anew, with those that have just come among them."""
    items = select(EvaluationItem.id).where(EvaluationItem.form_id == form.id)
    waits = (EvaluationAnswer.item_id.in_(items), EvaluationAnswer.is_shown.is_(False))
    columns = (
        EvaluationAnswer.item_id, EvaluationAnswer.speaker_id,
        EvaluationAnswer.value, EvaluationAnswer.text,
    )  # fmt: skip
    waiting = [Said(*row) for row in session.execute(select(*columns).where(*waits))]
    session.execute(delete(EvaluationAnswer).where(*waits))
    rows = [
        {"id": chance.getrandbits(62), **asdict(one)} for one in deal([*waiting, *said], chance)
    ]
    if rows:
        session.execute(insert(EvaluationAnswer), rows)
