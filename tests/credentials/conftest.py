"""What the credentials' tests stand on: completions, and a released award list of two societies."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.agenda.models import Activity
from app.awards.models import Award, AwardList, Release
from app.completions.models import Completion
from app.credentials.issuing import issue_certificate, issue_diploma
from app.credentials.models import Credential
from app.enrolments.models import Enrolment
from app.schemes.models import (
    Candidacy,
    Edition,
    Nature,
    Part,
    Requirement,
    RequirementKind,
    Scheme,
    SchemePart,
)

HELD = datetime(2026, 10, 14, 16, tzinfo=UTC)
ISSUED = datetime(2026, 10, 16, 9, tzinfo=UTC)


def address(serial: str) -> str:
    return f"http://127.0.0.1:8000/v/{serial}"


@pytest.fixture
def make_completion(session):
    def make(person, activity: Activity, **facts) -> Completion:
        enrolment = Enrolment(activity=activity, person=person, at=HELD)
        session.add(enrolment)
        session.flush()
        completion = Completion(
            enrolment=enrolment, person=person, activity=activity, at=ISSUED, **facts
        )
        session.add(completion)
        session.flush()
        return completion

    return make


@pytest.fixture
def anas_attendance(session, ana, webinar, make_completion, erik, susan) -> Completion:
    return make_completion(ana, webinar, seconds=4622, of_seconds=5400, threshold=80)


@pytest.fixture
def anas_certificate(session, anas_attendance) -> Credential:
    credential = issue_certificate(session, anas_attendance, at=ISSUED, address=address)
    session.commit()
    return credential


@pytest.fixture
def make_award(session, societies, erik, course):
    """An award of the joint certificate of EuSoMII and SIIM, released or not."""

    def make(person, *, released: bool = True, replaces: str | None = None) -> Award:
        scheme = session.query(Scheme).one_or_none()
        if scheme is None:
            scheme = Scheme(
                code="cii",
                title="Joint Certificate in Imaging Informatics",
                nature=Nature.PROGRAMME,
                body=societies.eusomii,
            )
            scheme.parts = [
                SchemePart(society=societies.eusomii, part=Part.AWARDING, position=1),
                SchemePart(society=societies.siim, part=Part.AWARDING, position=2),
            ]
            edition = Edition(name="2026", opens_on=date(2026, 1, 1), validity_years=5)
            edition.requirements = [
                Requirement(position=1, kind=RequirementKind.COURSE, course=course)
            ]
            scheme.editions = [edition]
            session.add(scheme)
            session.flush()
        edition = scheme.editions[0]
        candidacy = session.query(Candidacy).filter_by(person_id=person.id).one_or_none()
        candidacy = candidacy or Candidacy(edition=edition, person=person, applied_at=ISSUED)
        award_list = AwardList(
            edition=edition,
            title="Autumn 2026",
            drawn_up_at=ISSUED,
            drawn_up_by=erik,
            digest="0" * 64,
            frozen_at=ISSUED,
        )
        award = Award(
            award_list=award_list,
            candidacy=candidacy,
            holder_name=person.name,
            evidence=[{"requirement": "The course completed", "met_by": []}],
            replaces=replaces,
        )
        session.add_all([award_list, award])
        if released:
            session.add(
                Release(award_list=award_list, at=ISSUED, on=date(2026, 10, 16), digest="0" * 64)
            )
        session.flush()
        return award

    return make


@pytest.fixture
def anas_diploma(session, ana, make_award, susan) -> Credential:
    credential = issue_diploma(session, make_award(ana), at=ISSUED, address=address)
    session.commit()
    return credential
