"""Without everyone's accepted declaration nothing with credits is announced."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.agenda.models import Speaker
from app.agenda.planning import Texts
from app.clock import now
from app.disclosures.models import Disclosure, declare
from app.disclosures.reviewing import Verdict, review
from app.errors import Refusal
from tests.disclosures.conftest import ACME, NOTHING


@pytest.fixture
def accept(session, erik):
    """Have Erik, who is not concerned, accept what someone declared last."""

    def say(activity, speaker, declared, *, is_accepted=True):
        made = declare(speaker, declared, at=now())
        session.flush()
        review(made, Verdict(is_accepted=is_accepted, mitigation="Read by a colleague."),
               activity=activity, by=erik, at=now(), is_latest=True)  # fmt: skip
        session.flush()

    return say


def announce(activity, eva):
    activity.announce(by=eva, at=now())


def said(activity):
    return [str(one) for one in activity.obstacles(at=now())]


def test_it_is_announced_once_everyone_declared_and_was_accepted(draft, ida, mona, accept, eva):
    with pytest.raises(Refusal, match="Dr Ida Nyström has not declared"):
        announce(draft, eva)
    accept(draft, ida, ACME)
    assert said(draft) == [
        "Mona Mod has not declared financial relationships, nor that there are none."
    ]
    accept(draft, mona, NOTHING)

    announce(draft, eva)

    assert draft.is_announced


def test_without_credits_nobody_has_to_declare(draft, eva):
    draft.has_credits = False
    announce(draft, eva)
    assert draft.is_announced


def test_declared_is_not_yet_reviewed_and_reviewed_is_not_yet_accepted(draft, ida, mona, accept,
                                                                        session):  # fmt: skip
    accept(draft, mona, NOTHING)
    declare(ida, NOTHING, at=now())
    session.flush()
    assert said(draft) == ["Nobody has reviewed what Dr Ida Nyström declared."]

    accept(draft, ida, ACME, is_accepted=False)
    assert said(draft) == ["What Dr Ida Nyström declared was not accepted."]


def test_a_newer_declaration_needs_a_review_of_its_own(draft, ida, mona, accept, session):
    accept(draft, ida, NOTHING)
    accept(draft, mona, NOTHING)
    assert said(draft) == []

    declare(ida, ACME, at=now())
    session.flush()

    assert said(draft) == ["Nobody has reviewed what Dr Ida Nyström declared."]


def test_whoever_left_the_programme_is_not_asked_and_whoever_came_is(draft, ida, mona, accept,
                                                                      session):  # fmt: skip
    accept(draft, ida, NOTHING)
    draft.speakers = [ida, Speaker(name="Pat Plan", part="planner", position=2)]
    session.flush()

    assert said(draft) == [
        "Pat Plan has not declared financial relationships, nor that there are none."
    ]


def test_a_programme_of_nobody_carries_no_credits(draft, session):
    draft.speakers = []
    session.flush()
    assert said(draft) == [
        "Name who speaks: with credits, everyone on the programme makes a declaration."
    ]


def test_a_changed_programme_keeps_what_was_declared(draft, ida, mona, accept, eva, session):
    accept(draft, ida, NOTHING)
    accept(draft, mona, NOTHING)
    texts = draft.texts
    changed = tuple(
        person._replace(affiliation="Lund") if person.name == ida.name else person
        for person in reversed(texts.speakers)
    )

    draft.amend(Texts(title=texts.title, speakers=changed), by=eva, at=now())

    assert said(draft) == []
    assert session.scalars(select(Disclosure)).first() is not None


def test_the_desk_says_who_is_missing(browser, eva, draft):
    page = browser.sign_in(eva).visit(f"/desk/activities/{draft.id}")
    assert "This cannot be announced yet" in page.text
    assert "Mona Mod has not declared" in page.text
    browser.post(f"/desk/activities/{draft.id}/announcement", status=409)
    assert not draft.is_announced


def test_whoever_joins_an_announced_programme_undeclared_is_told_at_the_form(
    browser, session, eva, draft, ida, mona, accept
):
    accept(draft, ida, NOTHING)
    accept(draft, mona, NOTHING)
    announce(draft, eva)
    browser.sign_in(eva).visit(f"/desk/activities/{draft.id}/texts")

    page = browser.submit(status=422, **{"speakers-2-name": "Ola Berg", "title": "New words"})

    assert "Ola Berg has not declared financial relationships yet" in page.text
    assert 'value="New words"' in page.html
    assert [s.name for s in draft.speakers] == ["Dr Ida Nyström", "Mona Mod"]

    browser.submit(declares_later="y")
    assert [s.name for s in draft.speakers][-1] == "Ola Berg"
    public = browser.visit(f"/agenda/{draft.id}")
    assert "Ola Berg Has not declared yet" in public.text
    browser.visit(f"/desk/activities/{draft.id}/texts")
    browser.submit(title="Newer words")
    assert draft.title == "Newer words"


def test_without_credits_a_programme_changes_without_a_question(browser, eva, webinar):
    browser.sign_in(eva).visit(f"/desk/activities/{webinar.id}/texts")
    browser.submit(**{"speakers-2-name": "Ola Berg"})
    assert [s.name for s in webinar.speakers] == ["Dr Ida Nyström", "Ola Berg"]
