import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import jobs
from app.accounts.models import Person
from app.agenda.models import Activity
from app.clock import now
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.evaluations.drawing_up import draw_up, draw_up_if_missing, keep_as_template
from app.evaluations.kinds import Kind, Wording, usual
from app.evaluations.models import EvaluationForm
from app.evaluations.queries import form_of
from app.societies.models import Office
from tests.browser_client import Browser
from tests.cast import NOON, Societies, make_webinar
from tests.evaluations.conftest import WORDINGS, answer


def texts(form: EvaluationForm | None) -> list[str]:
    return [item.text for item in form.items] if form else []


def test_an_administrator_starts_from_the_usual_set_and_changes_it(
    session: Session, browser: Browser, held: Activity, eva: Person
) -> None:
    desk = f"/desk/activities/{held.id}/evaluation"
    browser.sign_in(eva).visit(desk)
    page = browser.submit(desk, source="usual")
    assert "Was it free of commercial bias?" in page.text
    form = form_of(session, held.id)
    assert texts(form) == [one.text for one in usual()]

    browser.visit(f"{desk}/items/new")
    page = browser.submit(text="Which topics next?", kind="several", choice_1="AI", status=422)
    assert "Please give at least two choices." in page.text
    browser.submit(choice_2="ai", status=422)
    browser.submit(choice_2="Standards")
    last = form_of(session, held.id).items[-1]
    assert last.wording == Wording(Kind.SEVERAL, "Which topics next?", ("AI", "Standards"))
    browser.post(f"/desk/evaluation-items/{last.id}/move", {"direction": "up"})
    assert texts(form_of(session, held.id))[-2] == "Which topics next?"
    browser.visit(f"/desk/evaluation-items/{last.id}")
    browser.submit(kind="text", text="What next?")
    browser.post(f"/desk/evaluation-items/{form_of(session, held.id).items[0].id}/removal")
    form = form_of(session, held.id)
    assert [item.position for item in form.items] == list(range(1, len(form.items) + 1))
    assert "What next?" in browser.visit(f"{desk}/preview").text


def test_a_scale_says_what_its_ends_mean(browser: Browser, held: Activity, eva: Person) -> None:
    browser.sign_in(eva).visit(f"/desk/activities/{held.id}/evaluation/items/new")
    page = browser.submit(text="How was it?", kind="scale", low="bad", status=422)
    assert "Please say what this end means." in page.text


def test_a_form_starts_from_a_template_or_from_another_webinar_of_ones_societies(
    session: Session, browser: Browser, held: Activity, asked: EvaluationForm, eva: Person,
    societies: Societies,
) -> None:  # fmt: skip
    desk = f"/desk/activities/{held.id}/evaluation"
    browser.sign_in(eva).visit(desk)
    page = browser.submit(f"{desk}/template", name="Our questions")
    assert "Kept as a template of EuSoMII." in page.text
    template = session.scalars(select(EvaluationForm).where(EvaluationForm.name != "")).one()
    for source in (template, asked):
        other = make_webinar(session, eva, societies.eusomii, announced=False)
        browser.visit(f"/desk/activities/{other.id}/evaluation")
        browser.submit(f"/desk/activities/{other.id}/evaluation", source=str(source.id))
        found = form_of(session, other.id)
        assert [item.wording for item in found.items] == WORDINGS


def test_what_other_societies_keep_is_out_of_reach(
    session: Session, browser: Browser, held: Activity, asked: EvaluationForm, eva: Person,
    fay: Person, societies: Societies, give_mandate,
) -> None:  # fmt: skip
    template = keep_as_template(session, asked, societies.efrs, "Ours", by=fay, at=NOON)
    desk = f"/desk/activities/{held.id}/evaluation"
    browser.sign_in(eva).post(desk, {"source": str(template.id)}, status=422)
    give_mandate(fay, Office.COURSE_ADMINISTRATOR, societies.efrs)
    browser.sign_in(fay)
    for url in (desk, f"{desk}/items/new", f"{desk}/report", f"{desk}/report.csv",
                f"{desk}/preview", f"/desk/evaluation-items/{asked.items[0].id}"):  # fmt: skip
        browser.visit(url, status=404)
    browser.post(f"/desk/evaluation-items/{asked.items[0].id}/removal", status=404)


def test_from_the_first_answer_on_the_form_stands(
    session: Session, browser: Browser, held: Activity, asked: EvaluationForm, eva: Person,
    anas: Enrolment,
) -> None:  # fmt: skip
    item = asked.items[0]
    asked.change(item, Wording(Kind.TEXT, "Anything?"), by=eva, at=NOON)
    asked.change(item, WORDINGS[0], by=eva, at=NOON)
    answer(session, asked, [anas])

    for act in (
        lambda: asked.add(WORDINGS[0], by=eva, at=NOON),
        lambda: asked.change(item, Wording(Kind.TEXT, "Anything?"), by=eva, at=NOON),
        lambda: asked.move(item, 1, by=eva, at=NOON),
        lambda: asked.drop(item, by=eva, at=NOON),
        lambda: draw_up(session, held, WORDINGS, by=eva, at=NOON),
    ):
        with pytest.raises(Refusal, match="answered already"):
            act()
    browser.sign_in(eva).post(f"/desk/evaluation-items/{item.id}/removal", status=409)
    page = browser.visit(f"/desk/activities/{held.id}/evaluation")
    assert "the form stands as it is" in page.text
    assert "Replace" not in page.text


def test_days_to_answer_may_change_until_the_time_is_over(
    session: Session, browser: Browser, held: Activity, asked: EvaluationForm, eva: Person
) -> None:
    desk = f"/desk/activities/{held.id}/evaluation"
    browser.sign_in(eva).visit(desk)
    assert "from 1 to 90" in browser.submit(f"{desk}/days", days="91", status=422).text
    browser.submit(f"{desk}/days", days="21")
    assert asked.days == 21
    assert asked.closes_at is not None
    with pytest.raises(Refusal, match="complete"):
        asked.stay_open(60, by=eva, at=asked.closes_at)


def test_a_webinar_that_needs_an_evaluation_has_one_even_if_nobody_drew_it_up(
    session: Session, held: Activity, webinar: Activity
) -> None:
    session.commit()
    jobs.run_all()
    assert form_of(session, held.id) is None
    held.needs_evaluation = webinar.needs_evaluation = True
    session.commit()
    jobs.run_all()
    jobs.run_all()
    session.expire_all()
    assert texts(form_of(session, held.id)) == [one.text for one in usual()]
    assert form_of(session, webinar.id) is None  # it is not over yet
    assert form_of(session, held.id).is_open(now())


def test_what_somebody_asks_in_the_meantime_is_not_replaced(
    session: Session, held: Activity, asked: EvaluationForm
) -> None:
    before = texts(asked)
    assert draw_up_if_missing(session, held, usual(), at=now()) is None
    session.expire_all()
    assert texts(form_of(session, held.id)) == before


def test_one_webinar_that_fails_keeps_no_other_from_its_evaluation(
    session: Session, held: Activity, eva: Person, societies: Societies, caplog
) -> None:
    other = make_webinar(session, eva, societies.eusomii, starts_at=held.starts_at)
    held.needs_evaluation = other.needs_evaluation = True
    session.add(EvaluationForm(activity=held, frozen_on=now().date()))
    session.commit()
    assert held.id < other.id
    jobs.run_all()
    session.expire_all()
    assert texts(form_of(session, held.id)) == []
    assert texts(form_of(session, other.id)) == [one.text for one in usual()]
    assert f"webinar {held.id} is not drawn up" in caplog.text


def test_only_the_leading_society_replaces_the_form_and_sets_its_days(
    session: Session, browser: Browser, held: Activity, asked: EvaluationForm, eva: Person,
    sam: Person,
) -> None:  # fmt: skip
    desk = f"/desk/activities/{held.id}/evaluation"
    page = browser.sign_in(sam).visit(desk)
    assert not [f for f in page.forms if f["action"] in (desk, f"{desk}/days")]
    browser.post(desk, {"source": "usual"}, status=404)
    browser.post(f"{desk}/days", {"days": "20"}, status=404)

    browser.sign_in(eva).post(f"{desk}/days", {"days": "20"})
    browser.post(desk, {"source": "usual"})
