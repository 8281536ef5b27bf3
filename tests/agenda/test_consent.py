"""The consent of the societies beside the leading one, where they wish to agree first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from app import db
from app.accounts.models import Person
from app.agenda import acts
from app.agenda.models import Activity
from app.clock import now
from app.errors import Refusal
from app.outbox.models import Message
from app.societies.models import Society
from tests.cast import make_webinar

WAITS = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.fixture
def draft(session, societies, eva, sam):
    """A draft of EuSoMII together with SIIM, which wishes to agree first."""
    societies.siim.wants_to_consent = True
    return make_webinar(session, eva, societies.eusomii, societies.siim, announced=False)


def test_it_is_announced_only_once_the_society_has_agreed(session, draft, societies, eva, sam):
    with pytest.raises(Refusal, match="waits for the consent of SIIM"):
        draft.announce(by=eva, at=now())

    acts.consent(draft, societies.siim, by=sam, at=now())
    draft.announce(by=eva, at=now())

    assert draft.is_announced


def test_a_society_that_does_not_ask_for_it_is_not_waited_for(session, draft, societies, eva):
    societies.siim.wants_to_consent = False
    draft.announce(by=eva, at=now())
    assert draft.is_announced


def test_a_change_of_the_plan_asks_again_and_an_equal_plan_does_not(draft, societies, eva, sam):
    acts.consent(draft, societies.siim, by=sam, at=now())
    same = {"lead": societies.eusomii, "others": [societies.siim], "by": eva, "at": now()}

    draft.revise(draft.plan, draft.texts, **same)
    assert draft.awaited_consents == []
    draft.revise(replace(draft.plan, minutes=45), draft.texts, **same)

    assert draft.awaited_consents == [societies.siim]


def test_the_leading_society_need_not_agree_with_itself(draft, societies, eva):
    with pytest.raises(Refusal):
        acts.consent(draft, societies.eusomii, by=eva, at=now())
    with pytest.raises(Refusal):
        acts.consent(draft, societies.efrs, by=eva, at=now())


def test_it_is_asked_for_by_mail_and_given_at_the_desk(
    session, browser, another_browser, draft, eva, sam
):
    page = browser.sign_in(eva).visit(f"/desk/activities/{draft.id}")
    assert "waits for the consent of SIIM" in page.text
    browser.submit("/consent/asked")
    [letter] = session.scalars(select(Message).where(Message.kind == "agenda/consent"))
    assert letter.to == sam.address

    desk = another_browser.sign_in(sam).visit("/desk")
    assert "Your consent is awaited" in desk.text
    another_browser.visit(f"/desk/activities/{draft.id}")
    another_browser.submit("/consent")

    assert "Ready to be announced." in browser.visit(f"/desk/activities/{draft.id}").text
    assert "Your consent is awaited" not in another_browser.visit("/desk").text


def test_only_an_administrator_of_a_society_beside_agrees(session, browser, draft, erik, eva):
    url = f"/desk/activities/{draft.id}/consent"
    browser.sign_in(erik).post(url, status=403)
    browser.sign_in(eva).post(url, status=409)
    assert draft.consents == []


def test_other_words_ask_again_and_the_same_words_do_not(draft, societies, eva, sam):
    acts.consent(draft, societies.siim, by=sam, at=now())

    draft.amend(draft.texts, by=eva, at=now())
    assert draft.awaited_consents == []
    draft.amend(replace(draft.texts, summary="Something else."), by=eva, at=now())

    assert draft.awaited_consents == [societies.siim]


def test_other_terms_ask_again_and_the_same_terms_do_not(draft, societies, eva, sam):
    acts.consent(draft, societies.siim, by=sam, at=now())

    acts.set_terms(draft, draft.terms, by=eva, at=now())
    assert draft.awaited_consents == []
    changed = replace(draft.terms, needs_evaluation=not draft.needs_evaluation)
    acts.set_terms(draft, changed, by=eva, at=now())

    assert draft.awaited_consents == [societies.siim]


def test_the_page_for_other_words_is_not_a_way_around_the_plan_of_a_draft(browser, draft, eva):
    url = f"/desk/activities/{draft.id}"
    answer = browser.sign_in(eva).post(f"{url}/texts", {"title": "Another", "summary": "Else."})
    assert answer.response.headers["Location"] == f"{url}/plan"
    assert draft.title != "Another"


def test_consent_to_a_plan_that_changed_after_it_was_looked_at_is_not_given(
    browser, draft, societies, eva, sam
):
    browser.sign_in(sam).visit(f"/desk/activities/{draft.id}")
    looked_at = browser.page
    draft.revise(replace(draft.plan, minutes=45), draft.texts, lead=societies.eusomii,
                 others=[societies.siim], by=eva, at=now())  # fmt: skip

    refused = browser.submit("/consent", status=409)
    assert "has changed since you looked at it" in refused.text
    assert draft.consents == []

    browser.visit(looked_at.url)
    browser.submit("/consent")
    assert [one.society.code for one in draft.consents] == [societies.siim.code]


def meanwhile(act: Callable[[], object]) -> threading.Thread:
    """Begin another's act, and go on once it waits for this one or is over."""
    other = threading.Thread(target=act)
    other.start()
    while db.db.engine.dialect.name == "postgresql" and other.is_alive():
        with db.db.engine.connect() as looking:
            if looking.scalar(WAITS):
                break
        other.join(0.01)
    return other


def shorten(session, id: int, by: int) -> None:
    plan = session.get_one(Activity, id)
    plan.revise(replace(plan.plan, minutes=45), plan.texts, lead=plan.lead, others=plan.beside,
                by=session.get_one(Person, by), at=now())  # fmt: skip


def refused_while_it_is_shortened(stage, browser, act: str, plan: int, by: int) -> None:
    """Press the act's button while the plan is being changed."""

    def press() -> None:
        with stage.app_context():
            browser.submit(act, status=409)

    with db.writing() as changing:
        shorten(changing, plan, by)
        pressing = meanwhile(press)
    pressing.join(30)


def test_consent_to_a_plan_that_is_changed_at_this_moment_is_not_given(
    session, stage, browser, draft, eva, sam
):
    browser.sign_in(sam).visit(f"/desk/activities/{draft.id}")
    plan, by = draft.id, eva.id
    session.commit()

    refused_while_it_is_shortened(stage, browser, "/consent", plan, by)

    assert "has changed since you looked at it" in browser.page.text
    session.expire_all()
    assert draft.consents == []


def test_consent_that_is_given_at_this_moment_is_void_for_another_plan(
    session, stage, draft, societies, eva, sam
):
    plan, society, theirs, by = draft.id, societies.siim.id, sam.id, eva.id
    session.commit()

    def change() -> None:
        with stage.app_context(), db.writing() as changing:
            shorten(changing, plan, by)

    with db.writing() as agreeing:
        acts.consent(agreeing.get_one(Activity, plan), agreeing.get_one(Society, society),
                     by=agreeing.get_one(Person, theirs), at=now())  # fmt: skip
        changing = meanwhile(change)
    changing.join(30)

    session.expire_all()
    (given,) = draft.consents
    assert given.void_at is not None


def test_a_plan_that_is_changed_at_this_moment_is_not_announced_before_all_agree_again(
    session, stage, browser, draft, societies, eva, sam
):
    acts.consent(draft, societies.siim, by=sam, at=now())
    browser.sign_in(eva).visit(f"/desk/activities/{draft.id}")
    plan, by = draft.id, eva.id
    session.commit()

    refused_while_it_is_shortened(stage, browser, "/announcement", plan, by)

    assert "waits for the consent of SIIM" in browser.page.text
    session.expire_all()
    assert not draft.is_announced


def test_what_is_announced_at_this_moment_is_no_draft_to_be_changed(
    session, stage, draft, societies, eva, sam
):
    acts.consent(draft, societies.siim, by=sam, at=now())
    plan, by, minutes = draft.id, eva.id, draft.minutes
    session.commit()
    refused: list[Refusal] = []

    def change() -> None:
        with stage.app_context(), pytest.raises(Refusal) as told, db.writing() as changing:
            shorten(changing, plan, by)
        refused.append(told.value)

    with db.writing() as announcing:
        one = announcing.get_one(Activity, plan)
        one.announce(by=announcing.get_one(Person, by), at=now())
        changing = meanwhile(change)
    changing.join(30)

    session.expire_all()
    assert refused and draft.is_announced
    assert draft.minutes == minutes


def test_what_is_announced_at_this_moment_keeps_its_terms_and_who_agreed_to_them(
    session, stage, draft, societies, eva, sam
):
    acts.consent(draft, societies.siim, by=sam, at=now())
    plan, by, terms = draft.id, eva.id, draft.terms
    session.commit()

    def change() -> None:
        with stage.app_context(), db.writing() as changing:
            acts.set_terms(changing.get_one(Activity, plan), replace(terms, needs_evaluation=True),
                           by=changing.get_one(Person, by), at=now())  # fmt: skip

    with db.writing() as announcing:
        one = announcing.get_one(Activity, plan)
        one.announce(by=announcing.get_one(Person, by), at=now())
        changing = meanwhile(change)
    changing.join(30)

    session.expire_all()
    assert draft.is_announced
    assert not draft.needs_evaluation
    assert [one.void_at for one in draft.consents] == [None]
