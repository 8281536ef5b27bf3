"""A house in which documents are due: released diplomas, or certificates of a webinar."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from app import create_app, db, migrating
from app.accounts.models import EmailAddress, Person
from app.agenda.models import Webinar
from app.agenda.planning import Hour
from app.awards.models import Award, AwardList, Release
from app.completions.models import Completion
from app.enrolments.models import Enrolment
from app.schemes.models import Candidacy, Edition, Nature, Part, Scheme, SchemePart
from app.signing_keys.making import make_local, make_with_proof
from app.signing_keys.models import Purpose
from app.societies.models import Mandate, Office, Society
from bench.crowd import FAMILY, GIVEN
from config import from_environment

THEN = datetime(2026, 9, 1, 12, tzinfo=UTC)
Due = Callable[[Session, list[Society], Person, int], None]


@contextmanager
def house(due: Due, societies: int, documents: int) -> Iterator[Flask]:
    """Its application, within its context."""
    with tempfile.TemporaryDirectory(prefix="confer-bench-") as folder:
        settings = from_environment({"CONFER_VAR": str(Path(folder) / "var")})
        app = create_app(replace(settings, job_threads=1))
        with app.app_context():
            migrating.upgrade()
            with db.writing() as session:
                together = [
                    Society(code=f"society{n}", short=f"SOC{n}", country="AT", colour="#1c4f8a",
                            name=f"The Society of Subject Number {n}")
                    for n in range(1, societies + 1)
                ]  # fmt: skip
                chair = _person("Erik Holm", 0)
                session.add_all([*together, chair])
                due(session, together, chair, documents)
            yield app
            db.db.engine.dispose()


def diplomas(session: Session, awarding: list[Society], chair: Person, number: int) -> None:
    """A list of so many holders that these societies have released, each with its keys."""
    session.add_all(
        Mandate(person=chair, society=one, office=Office.PRESIDENT, from_on=date(2020, 1, 1))
        for one in awarding
    )
    scheme = Scheme(code="cii", title="Joint Certificate in Imaging Informatics",
                    body=awarding[0], nature=Nature.PROGRAMME)  # fmt: skip
    scheme.parts = [
        SchemePart(society=one, part=Part.AWARDING, position=position)
        for position, one in enumerate(awarding, 1)
    ]
    edition = Edition(name="2026", opens_on=date(2026, 1, 1), validity_years=5)
    scheme.editions = [edition]
    award_list = AwardList(edition=edition, title="Autumn", drawn_up_at=THEN, drawn_up_by=chair,
                           digest="0" * 64, frozen_at=THEN)  # fmt: skip
    session.add_all([scheme, award_list])
    for person in _people(number):
        candidacy = Candidacy(edition=edition, person=person, applied_at=THEN)
        evidence = [{"requirement": "The course completed", "met_by": []}]
        session.add(
            Award(award_list=award_list, holder_name=person.name, candidacy=candidacy,
                  evidence=evidence)
        )  # fmt: skip
    session.add(Release(award_list=award_list, at=THEN, on=THEN.date(), digest="0" * 64))
    session.flush()
    for one in awarding:
        make_with_proof(session, one, by=None, at=THEN)
    make_local(session, purpose=Purpose.PROOF, scheme=scheme, by=None, at=THEN)


def certificates(session: Session, organisers: list[Society], chair: Person, number: int) -> None:
    """A webinar of these societies which so many people attended."""
    webinar = Webinar(title="DICOMweb, FHIR and IHE in practice", created_at=THEN,
                      created_by=chair)  # fmt: skip
    webinar.meets([Hour(on=THEN.date(), start=time(18), minutes=90)], "Europe/Vienna")
    webinar.held_by(organisers[0], organisers[1:])
    session.add(webinar)
    session.flush()
    webinar.announce(by=chair, at=THEN - timedelta(days=30))
    for person in _people(number):
        enrolment = Enrolment(activity=webinar, person=person, at=THEN)
        session.add(
            Completion(enrolment=enrolment, person=person, activity=webinar, at=THEN,
                       seconds=5000, of_seconds=5400, threshold=80)
        )  # fmt: skip


def _people(number: int) -> Iterator[Person]:
    for n in range(1, number + 1):
        yield _person(f"{GIVEN[n % len(GIVEN)]} {FAMILY[n % len(FAMILY)]}", n)


def _person(name: str, number: int) -> Person:
    person = Person(name=name, password="!", password_set_at=THEN, joined_at=THEN)
    person.addresses.append(
        EmailAddress(address=f"holder{number}@clinic.example", added_at=THEN, confirmed_at=THEN,
                     is_first=True)
    )  # fmt: skip
    return person
