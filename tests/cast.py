"""The cast: learners, officers of three societies, a stranger, an administrator of the platform."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import EmailAddress, Person, Profession
from app.agenda.models import Activity, Course, Speaker, Webinar
from app.agenda.planning import Hour
from app.agreements.models import Agreement, AgreementScope, Party, Scope
from app.clock import now
from app.credentials.withholding import Decision
from app.signing_keys import making
from app.societies.models import Mandate, Office, Society

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
PASSWORD = "violet harbour 7 lanterns"


@dataclass(frozen=True)
class Societies:
    eusomii: Society
    siim: Society
    efrs: Society


@pytest.fixture
def make_person(session: Session) -> Callable[..., Person]:
    """Someone with one confirmed address; the password opens nothing unless one is given."""

    def make(name: str, address: str = "", **facts: object) -> Person:
        address = address or f"{name.split(maxsplit=1)[0].lower()}@clinic.example"
        person = Person(
            name=name,
            password=str(facts.pop("password", "!")),
            password_set_at=NOON,
            joined_at=NOON,
            **{
                "zone": "Europe/Vienna",
                "country": "AT",
                "profession": Profession.RADIOLOGIST,
                "language": "en",
                **facts,
            },
        )
        person.addresses.append(
            EmailAddress(address=address, added_at=NOON, confirmed_at=NOON, is_first=True)
        )
        session.add(person)
        session.flush()
        return person

    return make


@pytest.fixture
def ana(make_person: Callable[..., Person]) -> Person:
    """The learner."""
    return make_person("Ana Lopez")


@pytest.fixture
def ben(make_person: Callable[..., Person]) -> Person:
    """Another learner: a stranger to Ana's records."""
    return make_person("Ben Okoro")


@pytest.fixture
def societies(session: Session) -> Societies:
    """EuSoMII, tied to SIIM and to EFRS; SIIM and EFRS have no agreement with each other."""
    eusomii = Society(
        code="eusomii",
        short="EuSoMII",
        name="European Society of Medical Imaging Informatics",
        country="AT",
        colour="#1c4f8a",
    )
    siim = Society(
        code="siim",
        short="SIIM",
        name="Society for Imaging Informatics in Medicine",
        country="US",
        colour="#b3541e",
    )
    efrs = Society(
        code="efrs",
        short="EFRS",
        name="European Federation of Radiographer Societies",
        country="NL",
        colour="#6a3d8f",
    )
    session.add_all([eusomii, siim, efrs])
    session.flush()
    for other, day in ((siim, date(2019, 10, 24)), (efrs, date(2021, 7, 12))):
        agreement = Agreement(title=f"EuSoMII and {other.short}", announced_on=day, from_on=day)
        agreement.parties = [Party(society=eusomii, position=1), Party(society=other, position=2)]
        agreement.scopes = [
            AgreementScope(scope=s) for s in (Scope.WEBINARS, Scope.COURSES, Scope.CERTIFICATION)
        ]
        session.add(agreement)
    session.flush()
    return Societies(eusomii, siim, efrs)


@pytest.fixture
def give_mandate(session: Session) -> Callable[..., Mandate]:
    def give(person: Person, office: Office, society: Society | None, **facts: date) -> Mandate:
        mandate = Mandate(
            person=person, society=society, office=office, **{"from_on": date(2020, 1, 1), **facts}
        )
        session.add(mandate)
        session.flush()
        return mandate

    return give


@pytest.fixture
def eva(
    make_person: Callable[..., Person], give_mandate: Callable[..., Mandate], societies: Societies
) -> Person:
    """Course administrator of EuSoMII."""
    person = make_person("Eva Lindqvist")
    give_mandate(person, Office.COURSE_ADMINISTRATOR, societies.eusomii)
    return person


@pytest.fixture
def sam(
    make_person: Callable[..., Person], give_mandate: Callable[..., Mandate], societies: Societies
) -> Person:
    """Course administrator of SIIM."""
    person = make_person("Sam Carter", zone="America/Chicago", country="US")
    give_mandate(person, Office.COURSE_ADMINISTRATOR, societies.siim)
    return person


@pytest.fixture
def erik(
    make_person: Callable[..., Person], give_mandate: Callable[..., Mandate], societies: Societies
) -> Person:
    """President of EuSoMII: an officer and its signatory."""
    person = make_person("Erik Holm")
    give_mandate(person, Office.PRESIDENT, societies.eusomii)
    return person


@pytest.fixture
def susan(
    make_person: Callable[..., Person], give_mandate: Callable[..., Mandate], societies: Societies
) -> Person:
    """President of SIIM: an officer and its signatory."""
    person = make_person("Susan Reed", zone="America/Chicago", country="US")
    give_mandate(person, Office.PRESIDENT, societies.siim)
    return person


@pytest.fixture
def fay(
    make_person: Callable[..., Person], give_mandate: Callable[..., Mandate], societies: Societies
) -> Person:
    """Education officer of EFRS, which awards nothing together with SIIM."""
    person = make_person("Fay de Wit")
    give_mandate(person, Office.EDUCATION_OFFICER, societies.efrs)
    return person


@pytest.fixture
def otto(
    make_person: Callable[..., Person], give_mandate: Callable[..., Mandate], societies: Societies
) -> Person:
    """Auditor of EuSoMII."""
    person = make_person("Otto Brandt")
    give_mandate(person, Office.AUDITOR, societies.eusomii)
    return person


@pytest.fixture
def pia(make_person: Callable[..., Person], give_mandate: Callable[..., Mandate]) -> Person:
    """Platform administrator."""
    person = make_person("Pia Novak")
    give_mandate(person, Office.PLATFORM_ADMINISTRATOR, None)
    return person


def keys_for(session: Session, *societies: Society, at: datetime = NOON) -> None:
    """A seal and a key for credentials for each of them, in force since the moment."""
    for society in societies:
        making.make_with_proof(session, society, by=None, at=at)
    session.flush()


@pytest.fixture
def webinar(session: Session, societies: Societies, eva: Person) -> Activity:
    """An announced webinar of EuSoMII and SIIM, in two weeks at 18:00 in Vienna, for 120 people."""
    return make_webinar(session, eva, societies.eusomii, societies.siim)


def make_webinar(
    session: Session, by: Person, lead: Society, *others: Society, announced: bool = True,
    starts_at: datetime | None = None, minutes: int = 90, capacity: int | None = 120,
    title: str = "DICOMweb, FHIR and IHE in practice",
) -> Activity:  # fmt: skip
    zone = ZoneInfo("Europe/Vienna")
    if starts_at is None:
        day = (now().astimezone(zone) + timedelta(days=14)).date()
        starts_at = datetime(day.year, day.month, day.day, 18, tzinfo=zone)
    webinar = Webinar(
        title=title,
        summary="How three hospitals moved images without a proprietary interface.",
        description="## Outline\n\n- DICOMweb\n- FHIR",
        created_at=NOON,
        created_by=by,
        capacity=capacity,
        link="https://meet.example/room",
    )
    local = starts_at.astimezone(zone)
    hour = Hour(on=local.date(), start=local.time(), minutes=minutes, fold=local.fold)
    webinar.meets([hour], "Europe/Vienna")
    webinar.held_by(lead, others)
    webinar.speakers = [Speaker(position=1, name="Dr Ida Nyström", affiliation="Uppsala")]
    session.add(webinar)
    session.flush()
    if announced:
        webinar.announce(by=by, at=min(now(), starts_at - timedelta(days=30)))
        session.flush()
    return webinar


@pytest.fixture
def course(session: Session, societies: Societies, eva: Person) -> Activity:
    """An announced course of EuSoMII and SIIM, without lessons or test yet."""
    course = Course(
        title="Foundations of imaging informatics",
        summary="From pixels to policy.",
        created_at=NOON,
        created_by=eva,
        minutes=120,
    )
    course.held_by(societies.eusomii, [societies.siim])
    session.add(course)
    session.flush()
    course.announce(by=eva, at=NOON)
    session.flush()
    return course


def in_error(
    by: Person, society: Society, reason: str = "Issued in error.", *, at: datetime | None = None
) -> Decision:
    """What an officer decides of a document that should not have been issued."""
    at = at or now()
    return Decision(by=by, society_id=society.id, at=at, on=at.date(), reason=reason)
