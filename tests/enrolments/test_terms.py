"""From when until when people may enrol, and who."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from app.agenda import acts
from app.agenda.entry import Terms
from app.agenda.models import Entry
from app.clock import now, today
from app.enrolments import booking
from app.errors import Refusal
from app.societies.memberships import Listed, Membership, load
from tests.cast import make_webinar


@pytest.fixture
def terms(session, webinar, eva):
    def set_terms(**facts):
        acts.set_terms(webinar, Terms(**facts), by=eva, at=now())
        session.flush()

    return set_terms


def test_registration_opens_and_closes_to_the_second(session, webinar, ana, ben, terms):
    opens, closes = now() + timedelta(days=1), now() + timedelta(days=2)
    terms(registration_from=opens, registration_until=closes)
    second = timedelta(seconds=1)

    with pytest.raises(Refusal, match="Registration opens on"):
        booking.enrol(session, webinar, ana, at=opens - second)
    with pytest.raises(Refusal, match="Registration closed on"):
        booking.enrol(session, webinar, ana, at=closes)

    assert booking.enrol(session, webinar, ana, at=opens).has_place
    assert booking.enrol(session, webinar, ben, at=closes - second).has_place


def test_whoever_has_a_place_may_leave_after_registration_has_closed(session, webinar, ana, terms):
    enrolment = booking.enrol(session, webinar, ana, at=now())
    terms(registration_until=now())
    booking.withdraw(session, enrolment, by=ana, at=now())
    assert not enrolment.is_active


def test_members_are_who_the_society_lists_under_a_confirmed_address(
    session, webinar, societies, ana, ben, eva, terms
):
    terms(entry=Entry.MEMBERS, members_of=frozenset({societies.siim.id}))
    load(session, societies.siim, [Listed(ana.address, "Ana")], is_whole=False, by=eva,
         at=now(), on=today())  # fmt: skip
    load(session, societies.efrs, [Listed(ben.address, "Ben")], is_whole=False, by=eva,
         at=now(), on=today())  # fmt: skip

    assert booking.enrol(session, webinar, ana, at=now()).has_place
    with pytest.raises(Refusal, match="Only members of SIIM may enrol"):
        booking.enrol(session, webinar, ben, at=now())


def test_a_membership_that_has_ended_and_an_unconfirmed_address_are_not_enough(
    session, webinar, societies, ana, ben, eva, terms
):
    terms(entry=Entry.MEMBERS, members_of=frozenset({societies.siim.id}))
    yesterday = today() - timedelta(days=1)
    load(session, societies.siim, [Listed(ana.address, until_on=yesterday), Listed(ben.address)],
         is_whole=False, by=eva, at=now(), on=yesterday - timedelta(days=1))  # fmt: skip
    ben.addresses[0].confirmed_at = None
    session.flush()

    for person in (ana, ben):
        with pytest.raises(Refusal, match="Only members"):
            booking.enrol(session, webinar, person, at=now())


def test_a_whole_roster_ends_who_is_no_longer_on_it(session, societies, eva):
    first = [Listed("a@example.org"), Listed("b@example.org")]
    facts = {"by": eva, "at": now(), "on": date(2026, 5, 2)}
    load(session, societies.siim, first, is_whole=True, **facts)

    told = load(session, societies.siim, first[1:], is_whole=True, **facts)

    assert (told.added, told.changed, told.left) == (0, 0, 1)
    session.flush()
    members = session.scalars(Membership.in_force(on=date(2026, 5, 2))).all()
    assert [one.address for one in members] == ["b@example.org"]


def test_the_invited_enrol_and_nobody_else(session, webinar, ana, ben, terms):
    terms(entry=Entry.LISTED, invited=frozenset({ana.address}))

    assert booking.enrol(session, webinar, ana, at=now()).has_place
    with pytest.raises(Refusal, match="Only those who are invited"):
        booking.enrol(session, webinar, ben, at=now())


def test_the_page_says_why_one_cannot_enrol(session, browser, webinar, ben, terms):
    terms(entry=Entry.LISTED, invited=frozenset({"else@example.org"}))
    page = browser.sign_in(ben).visit(f"/agenda/{webinar.id}")
    assert "Only those who are invited may enrol" in page.text
    assert "enrolment" not in " ".join(form["action"] for form in page.forms)
    browser.post(f"/agenda/{webinar.id}/enrolment", status=409)


def test_a_stranger_reads_when_registration_opens(session, browser, webinar, terms):
    terms(registration_from=now() + timedelta(days=1))
    assert "Registration opens on" in browser.visit(f"/agenda/{webinar.id}").text


def test_terms_are_set_at_the_desk_in_the_zone_of_the_webinar(session, browser, webinar, eva, ana):
    browser.sign_in(eva).visit(f"/desk/activities/{webinar.id}/registration")

    browser.submit(registration_until="2026-11-30T18:00", entry="listed", invited=ana.address)

    assert webinar.registration_until == datetime(2026, 11, 30, 17, tzinfo=UTC)
    assert (webinar.entry, webinar.terms.invited) == (Entry.LISTED, frozenset({ana.address}))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"registration_from": "2026-12-02T12:00", "registration_until": "2026-12-01T12:00"},
         "would close before it opens"),
        ({"registration_until": "2027-03-28T02:30"}, "The clocks skip this time"),
        ({"entry": "members"}, "Tick at least one society"),
        ({"entry": "listed", "invited": "nobody"}, "Line 1 is no address"),
        ({"entry": "listed"}, "Enter at least one address"),
    ],
)  # fmt: skip
def test_terms_that_make_no_sense_are_refused_at_the_field(browser, webinar, eva, typed, said):
    browser.sign_in(eva).visit(f"/desk/activities/{webinar.id}/registration")
    assert said in browser.submit(status=422, **typed).text


def test_what_proves_presence_stands_from_the_announcement_on(session, browser, eva, societies):
    draft = make_webinar(session, eva, societies.eusomii, announced=False)
    browser.sign_in(eva).visit(f"/desk/activities/{draft.id}/registration")
    browser.submit(proofs=["report", "code"], needs_evaluation="y")
    assert (draft.proofs, draft.needs_evaluation) == (["report", "code"], True)
    draft.announce(by=eva, at=now())
    session.commit()

    browser.post(f"/desk/activities/{draft.id}/registration",
                 {"entry": "everyone", "proofs": "poll"})  # fmt: skip

    assert (draft.proofs, draft.needs_evaluation) == (["report", "code"], True)


def test_only_the_leading_society_sets_them(session, browser, webinar, sam):
    browser.sign_in(sam).visit(f"/desk/activities/{webinar.id}/registration", status=404)


def test_who_waits_when_registration_has_closed_still_gets_a_place(
    session, two_places, enrolled, eva
):
    first, _second, third = enrolled(two_places, 3)
    acts.set_terms(two_places, Terms(registration_until=now()), by=eva, at=now())
    with time_machine.travel(now() + timedelta(hours=1), tick=False):
        booking.withdraw(session, first, by=first.person, at=now())
    assert third.has_place
