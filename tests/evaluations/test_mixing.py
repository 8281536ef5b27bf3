"""Nobody can tell whose answers are whose: neither by a key, nor by order, nor by time."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Date, DateTime, select, text
from sqlalchemy.orm import Session

from app import db
from app.evaluations.evaluating import evaluate
from app.evaluations.mixing import GROUP, Said, deal
from app.evaluations.models import EvaluationAnswer, EvaluationForm, Receipt
from app.journal.models import Entry
from tests.evaluations.conftest import answer, said_by


@given(st.lists(st.integers(1, 3), max_size=60), st.integers())
def test_dealing_loses_nothing_and_holds_five_to_nine_back(items: list[int], seed: int) -> None:
    waiting = [Said(item, None, value=n) for n, item in enumerate(items)]
    dealt = deal(waiting, Random(seed))

    assert Counter((s.item_id, s.value) for s in dealt) == Counter(
        (s.item_id, s.value) for s in waiting
    )
    for item, count in Counter(items).items():
        held = sum(s.item_id == item and not s.is_shown for s in dealt)
        assert held == count if count < 2 * GROUP else GROUP <= held < 2 * GROUP
        assert (count - held) % GROUP == 0


def test_the_tables_hold_no_person_no_time_and_no_sheet_with_an_answer() -> None:
    table = EvaluationAnswer.__table__
    assert {fk.column.table.name for fk in table.foreign_keys} == {"evaluation_items", "speakers"}
    assert set(table.columns.keys()) == {"id", "item_id", "speaker_id", "value", "text", "is_shown"}
    assert not any(isinstance(c.type, DateTime | Date) for c in table.columns)
    moments = [c.name for c in Receipt.__table__.columns if isinstance(c.type, DateTime)]
    assert moments == []  # a receipt knows the day, never the hour


def in_order_of_keys(session: Session) -> list[str | None]:
    return list(
        session.scalars(
            select(EvaluationAnswer.text)
            .where(EvaluationAnswer.text.is_not(None))
            .order_by(EvaluationAnswer.id)
        )
    )


def as_they_lie(session: Session) -> list[str]:
    """The texts in the order in which the database keeps its rows."""
    place = "rowid" if db.db.engine.dialect.name == "sqlite" else "ctid"
    rows = session.execute(
        text(f"SELECT text FROM evaluation_answers WHERE text IS NOT NULL ORDER BY {place}")
    )
    return [row[0] for row in rows]


def test_neither_keys_nor_places_of_rows_tell_in_which_order_people_answered(
    session: Session, asked: EvaluationForm, learners
) -> None:
    people = learners(9)
    written = [f"Text {number}" for number in range(9)]
    answer(session, asked, people)

    for found in (in_order_of_keys(session), as_they_lie(session)):
        assert sorted(found) == written
        assert found != written
        assert found != written[::-1]
    receipts = session.scalars(select(Receipt.enrolment_id).order_by(Receipt.enrolment_id)).all()
    assert receipts == [one.id for one in people]


def test_without_mixing_the_rows_would_tell(
    session: Session, asked: EvaluationForm, learners, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: answers written one by one, with keys that count, lie in order."""
    numbers = iter(range(1, 1000))
    chance = Random(1)
    monkeypatch.setattr(chance, "shuffle", lambda pile: None)
    monkeypatch.setattr(chance, "getrandbits", lambda bits: next(numbers))
    for number, one in enumerate(learners(9)):
        evaluate(session, asked, one, said_by(asked, number, f"Text {number}"), at=_later(asked),
                 chance=chance)  # fmt: skip
    session.flush()
    assert in_order_of_keys(session) == [f"Text {number}" for number in range(9)]


def test_on_postgresql_no_transaction_number_joins_a_receipt_to_its_answers(
    session: Session, asked: EvaluationForm, learners
) -> None:
    if db.db.engine.dialect.name != "postgresql":
        return
    people = learners(9)
    for number, one in enumerate(people):
        evaluate(session, asked, one, said_by(asked, number, f"Text {number}"), at=_later(asked))
        session.commit()
    receipts = session.scalars(text("SELECT DISTINCT xmin::text FROM evaluation_receipts")).all()
    answers = session.scalars(text("SELECT DISTINCT xmin::text FROM evaluation_answers")).all()
    assert len(receipts) == len(people)
    assert len(answers) == 1  # all that wait were written together, by the last of them


def test_the_journal_does_not_tell_who_answered_when(
    session: Session, asked: EvaluationForm, learners
) -> None:
    before = len(session.scalars(select(Entry.id)).all())
    people = learners(3)
    enrolled = len(session.scalars(select(Entry.id)).all())
    answer(session, asked, people)
    assert len(session.scalars(select(Entry.id)).all()) == enrolled > before


def _later(form: EvaluationForm):
    from datetime import timedelta

    assert form.opens_at is not None
    return form.opens_at + timedelta(hours=1)
