from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import jobs
from app.accounts.models import Person
from app.agenda.models import Activity
from app.attendance.deciding import unsettled
from app.clock import now
from app.completions import awaiting
from app.completions.models import Completion
from app.completions.settling import follow, settle
from app.credentials.models import Credential
from app.enrolments.booking import enrol
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.evaluations.evaluating import evaluate
from app.evaluations.mixing import Said
from app.evaluations.models import EvaluationAnswer, EvaluationForm, Receipt
from app.evaluations.state import state
from app.journal.models import Entry
from tests.browser_client import Browser
from tests.cast import NOON
from tests.evaluations.conftest import answer, said_by, was_there


def filled(form: EvaluationForm) -> dict[str, object]:
    """Everything answered, as the browser sends it."""
    relevant, bias, liked, clear, improve = form.items
    values: dict[str, object] = {
        f"item-{relevant.id}": "4",
        f"item-{bias.id}": "1",
        f"item-{liked.id}": ["0", "2"],
        f"item-{improve.id}": "More time <b>for</b> questions",
    }
    for one in form.activity.speakers:
        values[f"item-{clear.id}-{one.id}"] = "5"
    return values


def counted(session: Session, noun: type) -> int:
    return session.scalar(select(func.count()).select_from(noun)) or 0


@pytest.mark.parametrize(
    ("position", "value", "text"),
    [(0, 0, None), (0, 6, None), (1, 0, None), (1, 4, None), (1, -1, None), (2, 0, None),
     (2, 8, None), (4, 1, None), (4, None, ""), (1, None, "Yes")],
)  # fmt: skip
def test_what_is_no_answer_to_an_item_is_not_taken_in(
    session: Session, asked: EvaluationForm, anas: Enrolment, position, value, text
) -> None:
    said = Said(asked.items[position].id, None, value=value, text=text)
    with pytest.raises(ValueError, match="none of the answers"):
        evaluate(session, asked, anas, [said], at=now())
    assert counted(session, EvaluationAnswer) == 0
    assert counted(session, Receipt) == 0


def test_the_last_of_the_choices_is_an_answer(
    session: Session, asked: EvaluationForm, anas: Enrolment
) -> None:
    """The control."""
    said = [Said(asked.items[0].id, None, value=5), Said(asked.items[1].id, None, value=3),
            Said(asked.items[2].id, None, value=7)]  # fmt: skip
    evaluate(session, asked, anas, said, at=now())
    assert counted(session, EvaluationAnswer) == 3


def test_what_is_asked_of_each_speaker_is_said_of_one(
    session: Session, asked: EvaluationForm, anas: Enrolment
) -> None:
    with pytest.raises(ValueError, match="not asked"):
        evaluate(session, asked, anas, [Said(asked.items[3].id, None, value=5)], at=now())


def test_a_learner_evaluates_once_and_only_the_receipt_names_them(
    session: Session, browser: Browser, ana: Person, anas: Enrolment, asked: EvaluationForm
) -> None:
    browser.sign_in(ana)
    assert "How was it?" in browser.visit(f"/enrolments/{anas.id}").text
    browser.visit(f"/enrolments/{anas.id}/evaluation")
    page = browser.submit(**filled(asked))
    assert "What you said carries no name." in page.text
    assert session.scalars(select(Receipt)).one().enrolment_id == anas.id
    values = session.scalars(select(EvaluationAnswer.value)).all()
    assert sorted(v for v in values if v is not None) == [1, 4, 5, 5, 5]  # 5: first and third
    browser.post(f"/enrolments/{anas.id}/evaluation", filled(asked), status=409)
    assert "already" in browser.visit(f"/enrolments/{anas.id}/evaluation").text
    assert counted(session, Receipt) == 1
    assert "Evaluated" in browser.visit(f"/enrolments/{anas.id}").text


def test_what_was_typed_stays_when_something_is_missing(
    session: Session, browser: Browser, ana: Person, anas: Enrolment, asked: EvaluationForm
) -> None:
    browser.sign_in(ana).visit(f"/enrolments/{anas.id}/evaluation")
    values = {**filled(asked), f"item-{asked.items[1].id}": None}
    page = browser.submit(**values, status=422)
    assert "Please choose, or say that you have no opinion." in page.text
    assert "More time <b>for</b> questions" in page.text
    kept = page.form("/evaluation")["fields"]
    assert kept[f"item-{asked.items[0].id}"] == ["4"]
    assert kept[f"item-{asked.items[2].id}"] == ["0", "2"]
    assert counted(session, Receipt) == counted(session, EvaluationAnswer) == 0
    browser.submit(**{f"item-{asked.items[1].id}": "0"})
    assert counted(session, Receipt) == 1
    assert counted(session, EvaluationAnswer) == 5  # no opinion leaves nothing


def test_it_opens_with_the_end_and_closes_after_its_days(
    session: Session, anas: Enrolment, asked: EvaluationForm
) -> None:
    end = asked.opens_at
    for at, why in (
        (end - timedelta(seconds=1), "opens when the webinar is over"),
        (end + timedelta(days=14), "is over"),
    ):
        with pytest.raises(Refusal, match=why):
            evaluate(session, asked, anas, said_by(asked), at=at)
    assert state(session, anas, at=end + timedelta(days=14)).kind == "closed"
    evaluate(session, asked, anas, said_by(asked), at=end + timedelta(days=14, seconds=-1))
    assert counted(session, Receipt) == 1


def test_only_who_had_a_place_or_was_there_evaluates(
    session: Session, browser: Browser, ben: Person, eva: Person, held: Activity,
    anas: Enrolment, asked: EvaluationForm,
) -> None:  # fmt: skip
    browser.sign_in(ben).visit(f"/enrolments/{anas.id}/evaluation", status=404)
    browser.post(f"/enrolments/{anas.id}/evaluation", filled(asked), status=404)
    held.capacity = 1
    waiting = enrol(session, held, ben, at=NOON)
    with pytest.raises(Refusal, match="had a place"):
        evaluate(session, asked, waiting, said_by(asked), at=now())
    was_there(session, [waiting], eva)
    evaluate(session, asked, waiting, said_by(asked), at=now())
    assert counted(session, Receipt) == 1


def test_a_cancelled_webinar_is_not_evaluated(
    session: Session, held: Activity, anas: Enrolment, asked: EvaluationForm
) -> None:
    held.cancelled_at = now()
    with pytest.raises(Refusal, match="cancelled"):
        evaluate(session, asked, anas, said_by(asked), at=now())


# ------------------------------------------------------------------ what a certificate waits for


@pytest.fixture
def needed(session: Session, held: Activity, asked: EvaluationForm) -> EvaluationForm:
    held.needs_evaluation = True
    session.flush()
    return asked


def lacking(session: Session, activity: Activity) -> list[int]:
    return list(session.scalars(awaiting.lacking(activity.id)))


def completed(session: Session) -> list[int]:
    return list(session.scalars(select(Completion.enrolment_id).order_by(Completion.enrolment_id)))


def test_presence_alone_completes_no_webinar_that_needs_an_evaluation(
    session: Session, browser: Browser, ana: Person, eva: Person, held: Activity,
    anas: Enrolment, needed: EvaluationForm, learners,
) -> None:  # fmt: skip
    (early,) = learners(1)
    was_there(session, [anas, early], eva)
    answer(session, needed, [early])
    settlement = settle(session, held, by=eva, at=now())
    assert settlement.present == 2
    assert completed(session) == [early.id]
    assert lacking(session, held) == [anas.id]
    page = browser.sign_in(ana).visit(f"/enrolments/{anas.id}")
    assert "You were there. Only your evaluation is missing." in page.text

    browser.visit(f"/enrolments/{anas.id}/evaluation")
    page = browser.submit(**filled(needed))
    assert "Your certificate is being typeset" in page.text
    assert completed(session) == sorted([anas.id, early.id])
    assert lacking(session, held) == []
    session.commit()
    jobs.run_all()
    session.expire_all()
    assert ana.id in session.scalars(select(Credential.person_id)).all()


def test_where_none_is_needed_presence_is_enough(
    session: Session, eva: Person, held: Activity, anas: Enrolment, asked: EvaluationForm
) -> None:
    was_there(session, [anas], eva)
    settle(session, held, by=eva, at=now())
    assert completed(session) == [anas.id]


def test_an_evaluation_without_presence_completes_nothing(
    session: Session, browser: Browser, ana: Person, eva: Person, held: Activity,
    anas: Enrolment, needed: EvaluationForm,
) -> None:  # fmt: skip
    was_there(session, [anas], eva, minutes=20)
    settle(session, held, by=eva, at=now())
    browser.sign_in(ana).visit(f"/enrolments/{anas.id}/evaluation")
    page = browser.submit(**filled(needed))
    assert "typeset" not in page.text
    assert completed(session) == []
    assert lacking(session, held) == []


def test_a_learner_sees_what_the_certificate_waits_for(
    session: Session, browser: Browser, ana: Person, ben: Person, eva: Person, held: Activity,
    anas: Enrolment, needed: EvaluationForm, webinar: Activity,
) -> None:  # fmt: skip
    bens = enrol(session, held, ben, at=NOON)
    assert (
        "Your certificate waits for it" in browser.sign_in(ana).visit(f"/enrolments/{anas.id}").text
    )
    was_there(session, [anas], eva)
    settle(session, held, by=eva, at=now())
    assert "Only your evaluation is missing" in browser.visit(f"/enrolments/{anas.id}").text
    away = browser.sign_in(ben).visit(f"/enrolments/{bens.id}").text
    assert "missing" not in away
    assert "Anonymous. Open until" in away
    needed.days = 1
    held.until_at = now() - timedelta(days=2)
    page = browser.sign_in(ana).visit(f"/enrolments/{anas.id}")
    assert "Your evaluation is missing" in page.text
    assert "missing" not in browser.sign_in(ben).visit(f"/enrolments/{bens.id}").text


def test_an_evaluation_before_the_settlement_waits_for_it(
    session: Session, eva: Person, held: Activity, anas: Enrolment, needed: EvaluationForm
) -> None:
    was_there(session, [anas], eva)
    answer(session, needed, [anas])
    assert not follow(session, anas, at=now())
    unsettled(session, held.id)
    settle(session, held, by=eva, at=now())
    assert completed(session) == [anas.id]


def test_after_the_time_an_administrator_accepts_without_one_for_a_reason(
    session: Session, browser: Browser, eva: Person, held: Activity, anas: Enrolment,
    needed: EvaluationForm, learners,
) -> None:  # fmt: skip
    (absent,) = learners(1)
    was_there(session, [anas], eva)
    settle(session, held, by=eva, at=now())
    missing = f"/desk/activities/{held.id}/evaluation/missing"
    page = browser.sign_in(eva).visit(missing)
    assert "Ana Lopez" in page.text and "Waits" in page.text
    browser.post(f"{missing}/{anas.id}", {"reason": "Ill"}, status=409)
    assert completed(session) == []

    needed.days = 1
    held.until_at = now() - timedelta(days=1)
    session.commit()
    browser.visit(f"{missing}/{anas.id}")
    assert "Please give the reason." in browser.submit(reason="", status=422).text
    page = browser.submit(reason="The page was out of reach for her")
    assert "Accepted." in page.text
    assert completed(session) == [anas.id]
    entry = session.scalars(select(Entry).where(Entry.act == "evaluation.waived")).one()
    assert entry.details["reason"] == "The page was out of reach for her"
    browser.post(f"{missing}/{absent.id}", {"reason": "Why not"}, status=409)
    assert completed(session) == [anas.id]
    assert counted(session, Receipt) == 0


def test_only_staff_of_the_holders_accepts(
    browser: Browser, ana: Person, held: Activity, anas: Enrolment, needed: EvaluationForm
) -> None:
    browser.sign_in(ana).visit(f"/desk/activities/{held.id}/evaluation/missing", status=403)
