import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda import profiles
from app.agenda.kinds import Part
from app.agenda.models import Activity
from app.clock import now
from app.dialogue import asking, queries
from app.dialogue.models import FloorQuestion, Vote
from app.enrolments.booking import enrol, withdraw
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.journal.models import Entry
from tests.browser_client import Browser
from tests.cast import NOON


def asked(session: Session, enrolment: Enrolment, text: str, *, is_named: bool = True):
    question = asking.ask(session, enrolment, text, is_named=is_named, at=now())
    session.flush()
    return question


def test_a_question_is_asked_seen_by_the_others_and_voted_for(
    session: Session, browser: Browser, another_browser: Browser, running: Activity,
    ana: Person, ben: Person, anas: Enrolment, bens: Enrolment,
) -> None:  # fmt: skip
    browser.sign_in(ana).visit(f"/agenda/{running.id}/questions")
    page = browser.submit(f"/agenda/{running.id}/questions", text="Who pays for the archive?")
    assert "Your question is asked." in page.text

    other = another_browser.sign_in(ben)
    page = other.visit(f"/agenda/{running.id}/questions")
    assert "Who pays for the archive? Ana Lopez" in page.text
    question = session.scalars(select(FloorQuestion)).one()
    page = other.submit(f"/questions/{question.id}/vote")
    assert "You voted for it" in page.text
    assert session.scalars(select(FloorQuestion.votes)).one() == 1
    other.submit(f"/questions/{question.id}/vote/withdrawal")
    assert session.scalars(select(FloorQuestion.votes)).one() == 0
    assert session.scalars(select(Vote)).all() == []


def test_without_a_name_the_others_see_none_and_the_organisers_do(
    session: Session, browser: Browser, another_browser: Browser, running: Activity,
    ana: Person, ben: Person, eva: Person, anas: Enrolment, bens: Enrolment,
) -> None:  # fmt: skip
    browser.sign_in(ana).visit(f"/agenda/{running.id}/questions")
    browser.submit(f"/agenda/{running.id}/questions", text="Is this safe?", without_name="y")

    seen = another_browser.sign_in(ben).visit(f"/agenda/{running.id}/questions")
    assert "Is this safe? A participant" in seen.text
    assert "Ana" not in seen.text
    seen = another_browser.sign_in(eva).visit(f"/desk/activities/{running.id}/questions")
    assert "Ana Lopez · without a name towards the others" in seen.text


@pytest.mark.parametrize(("text", "said"), [("", "Please write"), ("x" * 501, "500 characters")])
def test_a_question_has_words_and_not_too_many(
    session: Session, browser: Browser, running: Activity, ana: Person, anas: Enrolment,
    text: str, said: str,
) -> None:  # fmt: skip
    browser.sign_in(ana).visit(f"/agenda/{running.id}/questions")
    page = browser.submit(f"/agenda/{running.id}/questions", text=text, status=422)

    assert said in page.text
    assert page.form(f"/agenda/{running.id}/questions")["fields"]["text"] == [text]
    assert session.scalars(select(FloorQuestion)).all() == []


def test_five_hundred_characters_are_a_question(
    session: Session, browser: Browser, running: Activity, ana: Person, anas: Enrolment
) -> None:
    browser.sign_in(ana).visit(f"/agenda/{running.id}/questions")
    browser.submit(f"/agenda/{running.id}/questions", text="é" * 500)
    assert len(session.scalars(select(FloorQuestion)).one().text) == 500


def test_only_who_has_a_place_asks_votes_and_reads(
    session: Session, browser: Browser, running: Activity, ana: Person, ben: Person,
    anas: Enrolment,
) -> None:  # fmt: skip
    question = asked(session, anas, "Who pays?")
    running.capacity = 1
    enrol(session, running, ben, at=NOON)
    browser.sign_in(ben)

    page = browser.visit(f"/agenda/{running.id}/questions", status=303)
    assert page.response.location.endswith(f"/agenda/{running.id}")
    browser.post(f"/agenda/{running.id}/questions", {"text": "Me too?"})
    browser.post(f"/questions/{question.id}/vote")
    assert session.scalar(select(func.count()).select_from(FloorQuestion)) == 1
    assert session.scalars(select(Vote)).all() == []
    browser.sign_in(ana).post(f"/questions/{question.id}/vote")
    assert session.scalar(select(func.count()).select_from(Vote)) == 1


def test_one_vote_a_person_however_often_and_under_whichever_enrolment(
    session: Session, running: Activity, ana: Person, ben: Person, anas: Enrolment,
    bens: Enrolment,
) -> None:  # fmt: skip
    question = asked(session, anas, "Who pays?")
    asking.vote(question, bens, at=now())
    asking.vote(question, bens, at=now())
    withdraw(session, bens, by=ben, at=now())
    again = enrol(session, running, ben, at=now())
    asking.vote(question, again, at=now())
    session.flush()

    assert question.votes == 1
    asking.take_back(question, again, at=now())
    asking.take_back(question, again, at=now())
    assert question.votes == 0
    told = session.scalars(select(Entry.act).where(Entry.act.like("%vote%"))).all()
    assert sorted(told) == ["question.vote_taken_back", "question.voted_for"]
    session.add(Vote(question_id=question.id, person_id=ana.id, at=now()))
    session.flush()
    with pytest.raises(IntegrityError):
        session.execute(
            insert(Vote), [{"question_id": question.id, "person_id": ana.id, "at": now()}]
        )
    session.rollback()


def test_after_the_end_nobody_asks_or_votes_and_all_can_still_read(
    session: Session, anas: Enrolment, bens: Enrolment, after
) -> None:
    question = asked(session, anas, "Who pays?")
    for act in (
        lambda: asking.ask(session, bens, "Too late?", is_named=True, at=after),
        lambda: asking.vote(question, bens, at=after),
        lambda: asking.take_back(question, bens, at=after),
    ):
        with pytest.raises(Refusal, match="is over"):
            act()
    assert len(queries.questions(session, anas.activity_id).rows) == 1


def test_nobody_asks_in_a_cancelled_webinar(session: Session, anas: Enrolment) -> None:
    anas.activity.cancelled_at = now()
    with pytest.raises(Refusal, match="cancelled"):
        asking.ask(session, anas, "Why?", is_named=True, at=now())


def test_one_person_asks_at_most_twenty_questions_and_the_same_one_once(
    session: Session, anas: Enrolment
) -> None:
    for number in range(asking.MOST):
        asked(session, anas, f"Question {number}?")
    assert asked(session, anas, "Question 3?").text == "Question 3?"
    with pytest.raises(Refusal, match="as many as one person may"):
        asked(session, anas, "One more?")
    assert session.scalar(select(func.count()).select_from(FloorQuestion)) == asking.MOST


def test_the_list_goes_by_votes_and_then_by_time_page_by_page(
    session: Session, anas: Enrolment
) -> None:
    votes = [0, 3, 1, 3, 0, 2, 1]
    for number, count in enumerate(votes):
        asked(session, anas, f"{number}").votes = count
    session.flush()

    found, after = [], ""
    while True:
        page = queries.questions(session, anas.activity_id, after=after, size=2)
        found += [one.text for one in page.rows]
        if page.after is None:
            break
        after = page.after
    assert found == ["1", "3", "5", "2", "6", "0", "4"]


@pytest.mark.parametrize("after", ["x", "1-", "-1-2", "9999999999999999-1", "1-2-3", "²-1"])
def test_an_address_that_names_no_place_in_the_list_reads_it_from_the_start(
    browser: Browser, running: Activity, ana: Person, anas: Enrolment, after: str
) -> None:
    browser.sign_in(ana).visit(f"/agenda/{running.id}/questions?after={after}")


def test_organisers_hide_a_question_with_a_reason_that_only_its_author_reads(
    session: Session, browser: Browser, another_browser: Browser, running: Activity,
    ana: Person, ben: Person, sam: Person, anas: Enrolment, bens: Enrolment,
) -> None:  # fmt: skip
    question = asked(session, anas, "Buy my scanner?")
    desk = browser.sign_in(sam)  # SIIM holds it too
    desk.visit(f"/desk/floor/{question.id}/hiding")
    assert "Please say why" in desk.submit(reason="", status=422).text
    desk.submit(reason="Advertising")

    reader = another_browser.sign_in(ben)
    assert "scanner" not in reader.visit(f"/agenda/{running.id}/questions").text
    reader.post(f"/questions/{question.id}/vote", status=404)
    page = reader.sign_in(ana).visit(f"/agenda/{running.id}/questions")
    assert "Buy my scanner? Why: Advertising" in page.text
    entry = session.scalars(select(Entry).where(Entry.act == "question.hidden")).one()
    assert (entry.actor_name, entry.details["reason"]) == ("Sam Carter", "Advertising")

    desk.visit(f"/desk/activities/{running.id}/questions?show=hidden")
    desk.submit(f"/desk/floor/{question.id}/showing")
    assert "scanner" in reader.sign_in(ben).visit(f"/agenda/{running.id}/questions").text


def test_organisers_mark_a_question_as_answered(
    session: Session, browser: Browser, running: Activity, ana: Person, eva: Person,
    anas: Enrolment,
) -> None:  # fmt: skip
    question = asked(session, anas, "Who pays?")
    browser.sign_in(eva).visit(f"/desk/floor/{question.id}/reply")
    browser.submit(text="The hospital does.")
    page = browser.sign_in(ana).visit(f"/agenda/{running.id}/questions?show=answered")
    assert "Who pays? Ana Lopez" in page.text
    assert "Answered The hospital does." in page.text
    assert "Who pays?" not in browser.visit(f"/agenda/{running.id}/questions").text


def test_only_administrators_of_the_societies_that_hold_it_lead_it(
    session: Session, browser: Browser, running: Activity, ana: Person, fay: Person,
    give_mandate, societies, anas: Enrolment,
) -> None:  # fmt: skip
    from app.societies.models import Office

    question = asked(session, anas, "Who pays?")
    browser.sign_in(ana).visit(f"/desk/activities/{running.id}/questions", status=404)
    give_mandate(fay, Office.COURSE_ADMINISTRATOR, societies.efrs)
    browser.sign_in(fay)
    for url in (
        f"/desk/activities/{running.id}/questions",
        f"/desk/floor/{question.id}/hiding",
        f"/desk/floor/{question.id}/reply",
    ):
        browser.visit(url, status=404)
    browser.post(f"/desk/floor/{question.id}/showing", status=404)


def test_five_thousand_voters_cost_no_more_statements(
    session: Session, browser: Browser, running: Activity, ana: Person, anas: Enrolment
) -> None:
    for number in range(30):
        asked(session, anas, f"Question {number}?") if number < 20 else session.add(
            FloorQuestion(
                activity=running, person=ana, text=f"Question {number}?", is_named=True, at=now(),
                votes=0,
            )
        )  # fmt: skip
    session.flush()
    few = len(browser.sign_in(ana).visit(f"/agenda/{running.id}/questions").statements)
    question = session.scalars(select(FloorQuestion)).first()
    people = [
        {"name": f"Person {n}", "password": "!", "password_set_at": NOON, "joined_at": NOON,
         "zone": "UTC", "country": "AT", "profession": "radiologist", "language": "en"}
        for n in range(5000)
    ]  # fmt: skip
    ids = session.scalars(insert(Person).returning(Person.id), people).all()
    session.execute(
        insert(Vote), [{"question_id": question.id, "person_id": id, "at": NOON} for id in ids]
    )
    question.votes = 5000
    session.flush()

    page = browser.visit(f"/agenda/{running.id}/questions")
    assert "5,000 votes" in page.text
    assert len(page.statements) == few <= 10


def test_a_moderator_leads_the_questions_of_their_webinar_and_no_polls(
    session: Session, browser: Browser, running: Activity, eva: Person, ben: Person,
    anas: Enrolment,
) -> None:  # fmt: skip
    question = asked(session, anas, "Who pays?")
    (speaker,) = running.speakers
    profiles.belongs_to(speaker, ben, by=eva, at=now())
    session.flush()
    desk = f"/desk/activities/{running.id}/questions"
    browser.sign_in(ben).visit(desk, status=404)  # linked, but a speaker only
    speaker.part = Part.MODERATOR
    assert "Who pays?" in browser.visit(desk).text
    browser.visit(f"/desk/floor/{question.id}/reply")
    browser.submit(text="The hospital.")
    assert question.is_answered
    browser.visit(f"/desk/activities/{running.id}/polls", status=403)
    speaker.has_left = True
    browser.visit(desk, status=404)
