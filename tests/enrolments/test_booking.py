"""Places, the waiting list, and what moves between them."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.clock import now
from app.enrolments import booking
from app.enrolments.jobs import promote_waiting
from app.enrolments.models import Enrolment, Place, Tally
from app.enrolments.queries import places, position
from app.errors import Refusal
from app.journal.models import Entry
from app.outbox.models import Message
from tests.cast import make_webinar


def letters(session, person):
    session.flush()
    mine = select(Message).where(Message.person_id == person.id).order_by(Message.id)
    return [message.kind for message in session.scalars(mine)]


def test_a_person_gets_a_place_and_a_mail_with_the_date(session, ana, webinar):
    enrolment = booking.enrol(session, webinar, ana, at=now())

    assert enrolment.has_place
    message = session.scalars(select(Message)).one()
    assert message.subject == "You are enrolled: DICOMweb, FHIR and IHE in practice"
    assert "BEGIN:VEVENT" in message.attachments[0]["text"]
    assert f"/enrolments/{enrolment.id}" in message.plain


def test_enrolling_twice_gives_the_first_answer(session, ana, webinar):
    first = booking.enrol(session, webinar, ana, at=now())

    assert booking.enrol(session, webinar, ana, at=now()) is first
    assert letters(session, ana) == ["enrolments/enrolled"]


def test_whoever_finds_no_place_waits_in_order(session, two_places, enrolled):
    *_placed, third, fourth = enrolled(two_places, 4)

    assert third.waits
    assert (position(session, third), position(session, fourth)) == (1, 2)
    assert letters(session, third.person) == ["enrolments/waiting"]


def test_a_freed_place_goes_to_who_has_waited_longest(session, two_places, enrolled):
    first, _second, third, fourth = enrolled(two_places, 4)

    promoted = booking.withdraw(session, first, by=first.person, at=now(), reason="night shifts")

    assert promoted == [third]
    assert third.has_place
    assert third.promotion is not None
    assert position(session, fourth) == 1
    assert letters(session, third.person)[-1] == "enrolments/promoted"
    assert letters(session, first.person)[-1] == "enrolments/withdrawn"


def test_leaving_twice_is_leaving_once(session, two_places, enrolled):
    first, _second, third, fourth = enrolled(two_places, 4)
    booking.withdraw(session, first, by=first.person, at=now())

    assert booking.withdraw(session, first, by=first.person, at=now()) == []
    assert fourth.waits
    assert third.has_place


def test_whoever_comes_back_starts_at_the_end(session, two_places, enrolled):
    first, _second, third = enrolled(two_places, 3)
    booking.withdraw(session, first, by=first.person, at=now())

    again = booking.enrol(session, two_places, first.person, at=now())

    assert again.id != first.id
    assert again.waits
    assert third.has_place


def test_nobody_enrols_in_what_is_over_or_not_announced(session, ana, eva, societies, webinar):
    draft = make_webinar(session, eva, societies.eusomii, announced=False)

    with pytest.raises(Refusal, match="not announced"):
        booking.enrol(session, draft, ana, at=now())
    with pytest.raises(Refusal, match="over"):
        booking.enrol(session, webinar, ana, at=webinar.ends_at)
    assert booking.enrol(session, webinar, ana, at=webinar.ends_at - timedelta(seconds=1)).has_place


def test_nobody_leaves_what_is_over(session, ana, webinar):
    enrolment = booking.enrol(session, webinar, ana, at=now())

    with pytest.raises(Refusal, match="over"):
        booking.withdraw(session, enrolment, by=ana, at=webinar.ends_at)


def test_more_places_promote_in_order(session, eva, two_places, enrolled):
    *_placed, third, fourth, fifth = enrolled(two_places, 5)

    assert booking.resize(session, two_places, 4, by=eva, at=now()) == [third, fourth]
    assert fifth.waits


def test_no_capacity_lets_everybody_in(session, eva, two_places, enrolled):
    everybody = enrolled(two_places, 5)
    booking.resize(session, two_places, None, by=eva, at=now())

    assert all(enrolment.has_place for enrolment in everybody)


def test_there_are_never_fewer_places_than_are_taken(session, eva, two_places, enrolled):
    enrolled(two_places, 2)

    with pytest.raises(Refusal, match="2 places are taken"):
        booking.resize(session, two_places, 1, by=eva, at=now())
    assert two_places.capacity == 2


def test_who_waits_comes_before_who_comes_when_the_capacity_grew_elsewhere(
    session, ana, two_places, enrolled
):
    *_placed, third = enrolled(two_places, 3)
    two_places.capacity = 3

    assert booking.enrol(session, two_places, ana, at=now()).waits
    assert third.has_place


def test_the_worker_promotes_when_the_capacity_grew_elsewhere(session, two_places, enrolled):
    *_placed, third, fourth = enrolled(two_places, 4)
    two_places.capacity = 3
    session.commit()

    promote_waiting()

    session.expire_all()
    assert third.has_place
    assert fourth.waits


def test_every_act_is_in_the_journal(session, two_places, enrolled, eva):
    first, *_rest = enrolled(two_places, 3)
    booking.withdraw(session, first, by=first.person, at=now())
    booking.resize(session, two_places, 9, by=eva, at=now())
    session.flush()

    acts = session.scalars(select(Entry.act).order_by(Entry.id)).all()
    assert acts[1:] == ["enrolment.made"] * 3 + [
        "enrolment.withdrawn", "enrolment.promoted", "activity.resized",
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_the_tally_says_what_the_rows_say(session, two_places, enrolled, eva, seed):
    """After any acts in any order; and nobody waits while a place is free."""
    chance = random.Random(seed)
    alive = enrolled(two_places, 6)
    for _turn in range(25):
        act = chance.choice(["leave", "come back", "resize"])
        if act == "leave":
            one = chance.choice(alive)
            booking.withdraw(session, one, by=eva, at=now())
        elif act == "come back":
            alive.append(booking.enrol(session, two_places, chance.choice(alive).person, at=now()))
        else:
            taken = session.get_one(Tally, two_places.id).taken
            wanted = max(1, taken + chance.randint(0, 2))
            booking.resize(session, two_places, wanted, by=eva, at=now())
        told = places(session, [two_places.id], None)[two_places.id]
        rows = select(func.count()).select_from(Place).where(Place.ended_at.is_(None))
        live = select(func.count()).select_from(Enrolment).where(Enrolment.ended_at.is_(None))
        taken = session.scalar(rows)
        assert (told.taken, told.waiting) == (taken, session.scalar(live) - taken)
        assert taken <= two_places.capacity
        assert not told.waiting or taken == two_places.capacity
    before = session.get_one(Tally, two_places.id)
    counted = (before.taken, before.waiting, before.withdrawn)
    after = booking.recount(session, two_places)
    assert (after.taken, after.waiting, after.withdrawn) == counted
