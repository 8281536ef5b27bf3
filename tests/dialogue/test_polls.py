from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.clock import now
from app.dialogue import polls, queries
from app.dialogue.polls import Poll, PollAnswer
from app.dialogue.tallying import bits, indexes, percent, tally
from app.enrolments.booking import enrol, withdraw
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.journal.models import Entry
from tests.browser_client import Browser
from tests.cast import NOON


@given(st.sets(st.integers(0, 7)))
def test_choices_come_back_from_their_bits(chosen: set[int]) -> None:
    assert set(indexes(bits(chosen), 8)) == chosen


@given(st.lists(st.sets(st.integers(0, 3), min_size=1), max_size=30))
def test_a_tally_counts_people_and_choices(answers: list[set[int]]) -> None:
    result = tally("ABCD", [(bits(one), 1) for one in answers])

    assert result.answers == len(answers)
    assert [row.count for row in result.rows] == [
        sum(index in one for one in answers) for index in range(4)
    ]
    assert all(0 <= row.percent <= 100 for row in result.rows)


@pytest.mark.parametrize(
    ("part", "of", "hundredths"), [(0, 0, 0), (1, 3, 33), (2, 3, 67), (1, 8, 13), (5, 5, 100)]
)
def test_shares_are_whole_hundredths_halves_rounded_up(part, of, hundredths) -> None:
    assert percent(part, of) == hundredths


def test_an_administrator_prepares_opens_and_closes_a_poll(
    session: Session, browser: Browser, running: Activity, eva: Person
) -> None:
    browser.sign_in(eva).visit(f"/desk/activities/{running.id}/polls/new")
    page = browser.submit(text="Which standard?", choice_1="FHIR", status=422)
    assert "Please give at least two choices." in page.text
    browser.submit(choice_2="fhir", status=422)
    browser.submit(choice_2="DICOMweb", choice_4="IHE")
    poll = session.scalars(select(Poll)).one()
    assert poll.choices == ["FHIR", "DICOMweb", "IHE"]
    page = browser.submit(f"/desk/polls/{poll.id}/opening")
    assert "The poll is open." in page.text
    page = browser.submit(f"/desk/polls/{poll.id}/closing")
    assert "The poll is closed." in page.text
    acts = session.scalars(
        select(Entry.act).where(Entry.act.startswith("poll.")).order_by(Entry.id)
    ).all()
    assert acts == ["poll.prepared", "poll.opened", "poll.closed"]
    browser.post(f"/desk/polls/{poll.id}/opening", status=409)
    browser.post(f"/desk/polls/{poll.id}", {"text": "x", "choice_1": "a", "choice_2": "b"},
                 status=409)  # fmt: skip


def test_a_prepared_poll_may_change_or_go_and_nobody_sees_it(
    session: Session, browser: Browser, eva: Person, ana: Person, anas: Enrolment, make_poll
) -> None:
    poll = make_poll(is_open=False)
    browser.sign_in(ana).visit(f"/polls/{poll.id}", status=404)
    browser.visit(f"/polls/{poll.id}/results", status=404)
    assert poll.text not in browser.visit(f"/agenda/{poll.activity_id}/questions").text
    browser.sign_in(eva).visit(f"/desk/polls/{poll.id}")
    browser.submit(text="Which one?", choice_3="", takes_several="y")
    assert (poll.text, poll.choices, poll.takes_several) == (
        "Which one?", ["DICOMweb", "FHIR"], True,
    )  # fmt: skip
    browser.post(f"/desk/polls/{poll.id}/removal")
    assert session.scalars(select(Poll)).all() == []


def test_somebody_answers_once_sees_the_result_and_may_choose_otherwise(
    session: Session, browser: Browser, ana: Person, anas: Enrolment, make_poll
) -> None:
    poll = make_poll()
    browser.sign_in(ana)
    assert "Which standard?" in browser.visit(f"/agenda/{poll.activity_id}/questions").text
    page = browser.visit(f"/polls/{poll.id}")
    assert "The result" not in page.text
    browser.visit(f"/polls/{poll.id}/results", status=404)
    browser.visit(f"/polls/{poll.id}")
    assert "Please choose an answer." in browser.submit(status=422).text
    page = browser.submit(chosen="1")
    assert "The result so far" in page.text
    browser.submit(chosen="2")
    (answer,) = session.scalars(select(PollAnswer)).all()
    assert answer.chosen == bits([2])
    told = browser.visit(f"/polls/{poll.id}/results").json
    assert told == {
        "open": True, "answers": 1,
        "rows": [{"count": 0, "percent": 0}, {"count": 0, "percent": 0},
                 {"count": 1, "percent": 100}],
    }  # fmt: skip


def test_several_choices_count_for_each(
    session: Session, browser: Browser, ana: Person, anas: Enrolment, make_poll
) -> None:
    poll = make_poll(several=True)
    browser.sign_in(ana).visit(f"/polls/{poll.id}")
    assert "Please choose at least one answer." in browser.submit(chosen=[], status=422).text
    browser.submit(chosen=["0", "2"])
    assert [row.percent for row in queries.result(session, poll).rows] == [100, 0, 100]


def test_one_choice_means_one(session: Session, anas: Enrolment, make_poll) -> None:
    poll = make_poll()
    with pytest.raises(Refusal, match="one answer only"):
        polls.answer(poll, anas, [0, 1], at=now())
    for wrong in ([], [3], [-1]):
        with pytest.raises(Refusal, match="choose one"):
            polls.answer(poll, anas, wrong, at=now())


def test_a_closed_poll_takes_no_answer_and_no_change(
    session: Session, browser: Browser, ana: Person, ben: Person, eva: Person, anas: Enrolment,
    bens: Enrolment, make_poll,
) -> None:  # fmt: skip
    poll = make_poll()
    polls.answer(poll, anas, [0], at=now())
    polls.close(poll, by=eva, at=now())
    session.flush()
    browser.sign_in(ana).post(f"/polls/{poll.id}", {"chosen": "1"}, status=409)
    browser.sign_in(ben).post(f"/polls/{poll.id}", {"chosen": "1"}, status=409)
    assert session.scalars(select(PollAnswer.chosen)).all() == [bits([0])]
    assert "You did not answer this poll." in browser.visit(f"/polls/{poll.id}").text


def test_a_poll_left_open_closes_with_the_webinar(
    session: Session, anas: Enrolment, make_poll, after
) -> None:
    poll = make_poll()
    assert poll.is_open(now())
    with pytest.raises(Refusal, match="closed"):
        polls.answer(poll, anas, [0], at=after)


def test_only_who_has_a_place_answers(
    session: Session, browser: Browser, running: Activity, ben: Person, anas: Enrolment, make_poll
) -> None:
    poll = make_poll()
    browser.sign_in(ben).post(f"/polls/{poll.id}", {"chosen": "1"})
    running.capacity = 1
    waiting = enrol(session, running, ben, at=NOON)
    with pytest.raises(Refusal, match="has a place"):
        polls.answer(poll, waiting, [0], at=now())
    assert session.scalars(select(PollAnswer)).all() == []


def test_two_answers_of_one_person_are_refused_by_the_database(
    session: Session, anas: Enrolment, make_poll
) -> None:
    poll = make_poll()
    polls.answer(poll, anas, [0], at=now())
    session.flush()
    row = {"poll_id": poll.id, "person_id": anas.person_id, "chosen": 2, "at": now()}
    with pytest.raises(IntegrityError):
        session.execute(insert(PollAnswer), [row])
    session.rollback()


def test_an_attention_poll_opens_only_while_the_session_runs(
    session: Session, webinar: Activity, eva: Person, make_poll
) -> None:
    facts = {"takes_several": False, "by": eva, "at": now()}
    early = polls.prepare(session, webinar, "There?", ["Yes", "Yes!"], is_attention=True, **facts)
    other = polls.prepare(session, webinar, "Ready?", ["Yes", "No"], is_attention=False, **facts)
    with pytest.raises(Refusal, match="while the session runs"):
        polls.open_poll(early, by=eva, at=now())
    polls.open_poll(other, by=eva, at=now())
    assert make_poll(attention=True).is_open(now())


def test_attention_polls_tell_who_answered_how_many(
    session: Session, running: Activity, ana: Person, ben: Person, eva: Person, anas: Enrolment,
    bens: Enrolment, make_poll,
) -> None:  # fmt: skip
    first, second = make_poll(attention=True), make_poll(attention=True)
    make_poll(attention=True, is_open=False)
    just_a_poll = make_poll()
    for poll in (first, second, just_a_poll):
        polls.answer(poll, anas, [0], at=now())
    polls.answer(just_a_poll, bens, [0], at=now())
    session.flush()
    assert queries.attended(session, running) == {anas.id: (2, 2)}

    polls.answer(first, bens, [1], at=now())
    withdraw(session, bens, by=ben, at=now())
    again = enrol(session, running, ben, at=now())
    session.flush()
    assert queries.attended(session, running) == {anas.id: (2, 2), again.id: (1, 2)}


def test_an_attention_poll_left_open_overnight_proves_nothing_the_next_day(
    session: Session, running: Activity, eva: Person, anas: Enrolment, bens: Enrolment, make_poll
) -> None:
    first = running.plan.hours[0]
    assert first.on is not None
    running.meets([first, replace(first, on=first.on + timedelta(days=3))], running.zone)
    attention, other = make_poll(attention=True), make_poll()
    polls.answer(attention, anas, [0], at=now())
    between = now() + timedelta(days=1)

    with pytest.raises(Refusal, match="while a session runs"):
        polls.answer(attention, bens, [0], at=between)
    polls.answer(other, bens, [0], at=between)
    session.add(PollAnswer(poll_id=attention.id, person_id=bens.person_id, chosen=1, at=between))
    session.flush()

    assert queries.attended(session, running) == {anas.id: (1, 1)}


def test_results_name_nobody_and_the_screen_shows_them_large(
    session: Session, browser: Browser, ana: Person, eva: Person, anas: Enrolment, make_poll
) -> None:
    poll = make_poll()
    polls.answer(poll, anas, [1], at=now())
    for url in (f"/desk/polls/{poll.id}", f"/desk/polls/{poll.id}/screen"):
        page = browser.sign_in(eva).visit(url)
        assert "FHIR 100% 1" in page.text
        assert "Ana" not in page.text
    assert browser.visit(f"/polls/{poll.id}/results").json["answers"] == 1
    browser.sign_in(ana).visit(f"/desk/polls/{poll.id}/screen", status=403)


def test_a_page_that_is_open_hears_of_a_new_poll(
    browser: Browser, running: Activity, ana: Person, ben: Person, anas: Enrolment, make_poll
) -> None:
    pulse = f"/agenda/{running.id}/questions/now"
    assert browser.sign_in(ana).visit(pulse).json == {"polls": []}
    poll = make_poll()
    page = browser.visit(pulse)
    assert page.json == {"polls": [poll.id]}
    assert len([s for s in page.statements if s.startswith("SELECT")]) <= 3
    browser.sign_in(ben).visit(pulse, status=404)


def test_five_thousand_answers_are_counted_by_the_database(
    session: Session, browser: Browser, ana: Person, anas: Enrolment, make_poll
) -> None:
    poll = make_poll(several=True)
    polls.answer(poll, anas, [0], at=now())
    person = {"password": "!", "password_set_at": NOON, "joined_at": NOON, "zone": "UTC",
              "country": "AT", "profession": "radiologist", "language": "en"}  # fmt: skip
    people = [{**person, "name": f"Person {n}"} for n in range(4999)]
    ids = session.scalars(insert(Person).returning(Person.id), people).all()
    rows = [
        {"poll_id": poll.id, "person_id": id, "chosen": 1 + n % 7, "at": NOON}
        for n, id in enumerate(ids)
    ]
    session.execute(insert(PollAnswer), rows)
    page = browser.sign_in(ana).visit(f"/polls/{poll.id}/results")
    assert page.json["answers"] == 5000
    expected = sum(1 + n % 7 & 1 for n in range(4999)) + 1
    assert page.json["rows"][0]["count"] == expected
    assert len([s for s in page.statements if s.startswith("SELECT")]) <= 5
