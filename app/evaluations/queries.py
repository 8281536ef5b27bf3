"""What pages and other rooms ask of evaluations: receipts, and reports that name nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session

from app.agenda.models import Activity, Speaker
from app.dialogue.tallying import Row, indexes, percent
from app.enrolments.models import Enrolment, Place
from app.evaluations.kinds import STEPS, Kind
from app.evaluations.mixing import GROUP
from app.evaluations.models import EvaluationAnswer, EvaluationForm, EvaluationItem, Receipt

Counts = dict[tuple[int, int | None], dict[int, int]]


def form_of(session: Session, activity_id: int) -> EvaluationForm | None:
    """What is asked about a webinar, with its items."""
    return session.scalars(EvaluationForm.of(activity_id)).one_or_none()


def receipts(activity_id: int) -> Select[int]:
    """The enrolments that have evaluated a webinar: that they did, not what they said."""
    return (
        select(Receipt.enrolment_id)
        .join(EvaluationForm, EvaluationForm.id == Receipt.form_id)
        .where(EvaluationForm.activity_id == activity_id)
    )


def has_given(session: Session, enrolment: Enrolment) -> bool:
    """Whether this person has evaluated this webinar, under whichever enrolment."""
    same = select(Receipt.enrolment_id).join(Enrolment, Enrolment.id == Receipt.enrolment_id)
    mine = same.where(
        Enrolment.activity_id == enrolment.activity_id,
        Enrolment.person_id == enrolment.person_id,
    )
    return session.scalars(mine.limit(1)).first() is not None


@dataclass(frozen=True)
class Invitation:
    """An evaluation that can be answered: until when, and who has done so already."""

    until: datetime
    is_needed: bool
    """Whether the certificate waits for it."""
    given: frozenset[int]


def invitation(session: Session, activity: Activity, *, at: datetime) -> Invitation | None:
    """For letters to those who took part; None when nothing can be answered now."""
    form = form_of(session, activity.id)
    if form is None or not form.items or not form.is_open(at) or form.closes_at is None:
        return None
    given = frozenset(session.scalars(receipts(activity.id)))
    return Invitation(form.closes_at, activity.needs_evaluation, given)


@dataclass(frozen=True)
class ItemReport:
    """What was said to one item, about a speaker or the whole; hidden while it is too little."""

    item: EvaluationItem
    speaker: Speaker | None
    answers: int
    rows: Sequence[Row] = ()
    mean: Decimal | None = None
    texts: Sequence[str] = ()

    @property
    def is_hidden(self) -> bool:
        return not self.rows and not self.texts


@dataclass(frozen=True)
class Report:
    """The results of an evaluation, complete once the time to answer is over."""

    given: int
    of: int
    is_complete: bool
    items: Sequence[ItemReport]

    @property
    def is_hidden(self) -> bool:
        """Too few have answered for anything to be shown."""
        return self.given < GROUP


def report(
    session: Session, form: EvaluationForm, *, at: datetime, speaker: Speaker | None = None
) -> Report:
    """The whole report, or what concerns one speaker and nobody else.

    While the evaluation is open only what `mixing` has let go is counted.
    """
    assert form.activity is not None
    is_complete = form.is_closed(at)
    answered = select(func.count()).where(Receipt.form_id == form.id).scalar_subquery()
    places = select(func.count()).where(
        Place.activity_id == form.activity_id, Place.ended_at.is_(None)
    ).scalar_subquery()  # fmt: skip
    given, of = session.execute(select(answered, places)).one()
    visible: ColumnElement[bool] = true() if is_complete else EvaluationAnswer.is_shown.is_(True)
    if speaker is not None:
        visible = visible & (EvaluationAnswer.speaker_id == speaker.id)
    if given < GROUP:
        return Report(given, max(of, given), is_complete, [])
    counts, texts = _counts(session, form, visible), _texts(session, form, visible)
    items = [
        _item(item, person, counts, texts)
        for item in form.items
        if speaker is None or item.per_speaker
        for person in _about(form.activity, item, speaker)
    ]
    return Report(given, max(of, given), is_complete, items)


def speakers_of(activity: Activity) -> list[Speaker]:
    """Those who spoke: whom items "for each speaker" are about."""
    return [one for one in activity.speakers if one.speaks]


def _about(
    activity: Activity, item: EvaluationItem, only: Speaker | None
) -> Sequence[Speaker | None]:
    if not item.per_speaker:
        return [None]
    return [only] if only is not None else speakers_of(activity)


def _counts(session: Session, form: EvaluationForm, visible: ColumnElement[bool]) -> Counts:
    rows = session.execute(
        select(
            EvaluationAnswer.item_id, EvaluationAnswer.speaker_id, EvaluationAnswer.value,
            func.count(),
        )
        .join(EvaluationItem, EvaluationItem.id == EvaluationAnswer.item_id)
        .where(EvaluationItem.form_id == form.id, EvaluationAnswer.value.is_not(None), visible)
        .group_by(
            EvaluationAnswer.item_id, EvaluationAnswer.speaker_id, EvaluationAnswer.value
        )
    )  # fmt: skip
    found: defaultdict[tuple[int, int | None], dict[int, int]] = defaultdict(dict)
    for item_id, speaker_id, value, people in rows:
        if value is not None:
            found[item_id, speaker_id][value] = people
    return dict(found)


def _texts(
    session: Session, form: EvaluationForm, visible: ColumnElement[bool]
) -> dict[tuple[int, int | None], list[str]]:
    """The texts in the order of their keys, which chance has drawn."""
    rows = session.execute(
        select(EvaluationAnswer.item_id, EvaluationAnswer.speaker_id, EvaluationAnswer.text)
        .join(EvaluationItem, EvaluationItem.id == EvaluationAnswer.item_id)
        .where(EvaluationItem.form_id == form.id, EvaluationAnswer.text.is_not(None), visible)
        .order_by(EvaluationAnswer.id)
    )
    found: defaultdict[tuple[int, int | None], list[str]] = defaultdict(list)
    for item_id, speaker_id, text in rows:
        found[item_id, speaker_id].append(text or "")
    return dict(found)


def _item(
    item: EvaluationItem, speaker: Speaker | None, counts: Counts,
    texts: dict[tuple[int, int | None], list[str]],
) -> ItemReport:  # fmt: skip
    key = (item.id, speaker.id if speaker else None)
    if item.kind is Kind.TEXT:
        said = texts.get(key, [])
        return ItemReport(item, speaker, len(said), texts=said if len(said) >= GROUP else ())
    found = counts.get(key, {})
    answers = sum(found.values())
    if answers < GROUP:
        return ItemReport(item, speaker, answers)
    mean = None
    if item.kind is Kind.SCALE:
        total = Decimal(sum(value * people for value, people in found.items()))
        mean = (total / answers).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return ItemReport(item, speaker, answers, rows=_rows(item, found, answers), mean=mean)


def _rows(item: EvaluationItem, found: dict[int, int], answers: int) -> list[Row]:
    if item.kind is Kind.SCALE:
        texts = scale_words(item)
        counted = [found.get(step, 0) for step in range(1, STEPS + 1)]
    else:
        texts = list(item.choices)
        counted = [0] * len(texts)
        for value, people in found.items():
            is_several = item.kind is Kind.SEVERAL
            for index in indexes(value, len(texts)) if is_several else [value - 1]:
                counted[index] += people
    return [
        Row(text, count, percent(count, answers))
        for text, count in zip(texts, counted, strict=True)
    ]


def scale_words(item: EvaluationItem) -> list[str]:
    """The steps of a scale with the words of its ends."""
    steps = [str(step) for step in range(1, STEPS + 1)]
    steps[0] = f"{steps[0]} · {item.choices[0]}"
    steps[-1] = f"{steps[-1]} · {item.choices[-1]}"
    return steps
