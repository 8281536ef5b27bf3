"""A draft may change at any time; a version never does."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.designs import queries
from app.designs.choices import Unfit
from app.designs.models import Design
from app.designs.publishing import change, publish
from app.errors import Refusal
from app.journal.models import Entry
from tests.cast import NOON
from tests.designs.conftest import SPECIMEN, digest_of


def acts(session, name):
    return session.scalars(select(Entry).where(Entry.act == name)).all()


def test_a_draft_is_kept_and_the_journal_says_who_changed_it(session, scheme, erik, societies):
    design = change(session, scheme, {"sheet": "modern"}, by=erik, at=NOON)
    session.flush()
    again = change(session, scheme, {"sheet": "modern"}, by=erik, at=NOON)

    (entry,) = acts(session, "design.changed")
    assert again is design and design.draft["sheet"] == "modern"
    assert entry.actor_id == erik.id
    assert {c.society_id for c in entry.concerns} == {societies.eusomii.id, societies.siim.id}


def test_a_draft_that_cannot_stand_is_not_kept(session, scheme, erik):
    with pytest.raises(Unfit):
        change(session, scheme, {"sheet": "nothing"}, by=erik, at=NOON)

    assert session.scalars(select(Design)).all() == []


def test_a_version_carries_its_number_and_keeps_its_choices(session, scheme, erik, publish_design):
    first = publish_design(sheet="modern")
    second = publish_design(sheet="portrait")

    session.expire_all()
    assert (first.number, second.number) == (1, 2)
    assert (first.choices["sheet"], second.choices["sheet"]) == ("modern", "portrait")
    assert queries.latest(session, scheme_id=scheme.id) is second
    assert [e.details["number"] for e in acts(session, "design.published")] == [1, 2]


def test_what_is_published_already_is_not_published_again(session, scheme, erik, publish_design):
    version = publish_design(sheet="modern")

    with pytest.raises(Refusal, match="version 1 says already"):
        publish(session, version.design, SPECIMEN, seen=version.digest, by=erik, at=NOON)


def test_a_draft_that_changed_meanwhile_is_not_published_unseen(session, scheme, erik, susan):
    design = change(session, scheme, {"sheet": "modern"}, by=erik, at=NOON)
    session.flush()
    seen = digest_of(design)
    change(session, scheme, {"sheet": "portrait"}, by=susan, at=NOON)

    with pytest.raises(Refusal, match="changed the draft"):
        publish(session, design, SPECIMEN, seen=seen, by=erik, at=NOON)

    assert publish(session, design, SPECIMEN, seen=digest_of(design), by=erik, at=NOON).number == 1


def test_a_society_has_a_design_of_its_own(session, societies, erik):
    design = change(session, societies.eusomii, {"sheet": "transcript"}, by=erik, at=NOON)

    assert design.society is societies.eusomii and design.scheme is None
    with pytest.raises(Unfit):
        change(session, societies.eusomii, {"sheet": "heritage"}, by=erik, at=NOON)
