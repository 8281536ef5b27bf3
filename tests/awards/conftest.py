"""What the tests of awards stand on: a list of two, and officers of both awarding societies."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.awards.drawing_up import draw_up, freeze
from app.awards.models import AwardList
from app.schemes.models import Candidacy, Edition
from tests.cast import NOON
from tests.schemes.stage import edition, make_candidate, past_webinar, scheme

__all__ = ["edition", "past_webinar", "scheme"]


@pytest.fixture
def anas_candidacy(
    session: Session, ana: Person, edition: Edition, past_webinar: Activity, course: Activity
) -> Candidacy:
    return make_candidate(session, edition, ana, past_webinar, course)


@pytest.fixture
def bens_candidacy(
    session: Session, ben: Person, edition: Edition, past_webinar: Activity, course: Activity
) -> Candidacy:
    return make_candidate(session, edition, ben, past_webinar, course)


@pytest.fixture
def open_list(
    session: Session,
    edition: Edition,
    anas_candidacy: Candidacy,
    bens_candidacy: Candidacy,
    erik: Person,
) -> AwardList:
    award_list = draw_up(session, edition, [anas_candidacy, bens_candidacy],
                         title="Autumn 2026", by=erik, at=NOON)  # fmt: skip
    session.flush()
    return award_list


@pytest.fixture
def frozen_list(session: Session, open_list: AwardList, erik: Person) -> AwardList:
    freeze(session, open_list, by=erik, at=NOON)
    session.flush()
    return open_list
