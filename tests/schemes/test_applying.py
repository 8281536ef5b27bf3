"""Whoever meets everything may apply, once; everybody else hears what is missing."""

from datetime import date

import pytest
from sqlalchemy import select

from app.agreements.models import Agreement
from app.errors import Refusal
from app.journal.models import Entry
from app.schemes.applying import apply
from app.schemes.models import Candidacy, Nature
from app.schemes.publishing import publish_edition, publish_scheme, revise_edition
from tests.cast import NOON
from tests.schemes.stage import complete, rules


def test_who_has_done_everything_becomes_a_candidate(session, ana, edition, past_webinar, course):
    complete(session, ana, past_webinar)
    complete(session, ana, course)

    candidacy = apply(session, edition, ana, at=NOON)

    assert candidacy.edition is edition
    entry = session.scalars(select(Entry).where(Entry.act == "candidacy.applied")).one()
    assert len(entry.details["evidence"]) == 2


def test_who_lacks_something_hears_what(session, ana, edition, past_webinar):
    complete(session, ana, past_webinar)

    with pytest.raises(Refusal, match="Course completed: Foundations of imaging informatics"):
        apply(session, edition, ana, at=NOON)
    assert session.scalars(select(Candidacy)).all() == []


def test_nobody_applies_before_the_edition_opens_or_after_it_closes(
    session, ana, edition, past_webinar, course
):
    complete(session, ana, past_webinar)
    complete(session, ana, course)
    edition.opens_on = date(2026, 9, 2)
    with pytest.raises(Refusal, match="open on 2 September 2026"):
        apply(session, edition, ana, at=NOON)
    edition.opens_on, edition.closes_on = date(2026, 1, 1), date(2026, 8, 31)
    with pytest.raises(Refusal, match="closed on 31 August 2026"):
        apply(session, edition, ana, at=NOON)


def test_applying_twice_keeps_the_first_candidacy(
    session, ana, erik, scheme, edition, past_webinar, course
):
    complete(session, ana, past_webinar)
    complete(session, ana, course)
    first = apply(session, edition, ana, at=NOON)
    session.flush()
    newer = publish_edition(session, scheme, rules(course, name="2027"), by=erik, at=NOON)

    assert apply(session, edition, ana, at=NOON) is first
    assert apply(session, newer, ana, at=NOON) is first


def test_an_edition_with_candidates_stays_as_it_is(
    session, ana, erik, scheme, edition, past_webinar, course
):
    revise_edition(session, edition, rules(course, webinars=2), by=erik, at=NOON)
    assert edition.requirements[0].count == 2
    revise_edition(session, edition, rules(course), by=erik, at=NOON)
    complete(session, ana, past_webinar)
    complete(session, ana, course)
    apply(session, edition, ana, at=NOON)

    with pytest.raises(Refusal, match="publish a new edition"):
        revise_edition(session, edition, rules(course, webinars=2), by=erik, at=NOON)
    assert edition.requirements[0].count == 1


@pytest.mark.parametrize("together", [("eusomii", "siim", "efrs"), ("siim", "efrs")])
def test_societies_award_together_only_when_they_are_tied(
    session, societies, erik, course, together
):
    awarding = [getattr(societies, code) for code in together]

    def publish():
        return publish_scheme(session, code="joint", title="Joint", nature=Nature.CERTIFICATION,
                              body=societies.eusomii, awarding=awarding, rules=rules(course),
                              by=erik, at=NOON)  # fmt: skip

    assert publish().awarding == awarding
    efrs = session.scalars(select(Agreement).where(Agreement.title.contains("EFRS"))).one()
    efrs.terminate(on=NOON.date(), by=erik, at=NOON, reason="ended")
    session.flush()
    with pytest.raises(Refusal, match="not tied"):
        publish()
