"""What the demonstration tells whoever has loaded it: whom to sign in as, and where to look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.addresses import external_url
from app.agenda.models import Activity
from app.awards.models import Award, AwardList
from app.clock import now, today
from app.completions.models import Completion
from app.credentials.jobs import verification_url
from app.credentials.models import Credential, CredentialKind
from app.credentials.standing import standing
from app.demo import cast, diplomas, founding
from app.demo.loading import PASSWORD
from app.enrolments.models import Enrolment
from app.schemes.models import Candidacy

PARTS = (
    (cast.RELEASED, "learner: holds the joint diploma"),
    (cast.MAY_APPLY, "learner: meets every requirement and may apply"),
    (cast.HALFWAY, "learner: half-way through the course"),
    (cast.AWAITING[:1], "candidate: the list waits for the second key"),
    (cast.APPLIED[:1], "candidate: on no list yet"),
    (cast.CORRECTED, "learner: a certificate was corrected"),
    (cast.WITHDRAWN, "learner: a diploma was withdrawn"),
)


def summarise(session: Session, *, built: bool) -> dict[str, Any]:
    return {
        "loaded": built,
        "password": PASSWORD,
        "people": [*_officers(), *_learners()],
        "pages": [{"name": name, "url": url} for name, url in _pages(session)],
        "documents": _documents(session),
        "totals": _totals(session),
    }


def _officers() -> list[dict[str, Any]]:
    shorts = {facts["code"]: facts["short"] for facts in founding.SOCIETIES}
    return [
        {
            "role": str(office), "name": name, "address": founding.address_of(name, code),
            "password": PASSWORD, "society": shorts.get(code),
        }
        for code, office, name, _country, _zone in founding.OFFICERS
    ]  # fmt: skip


def _learners() -> list[dict[str, Any]]:
    people = founding.newcomers("")
    names = {cast.CORRECTED[0]: diplomas.CORRECTED_NAME}
    return [
        {
            "role": role, "name": names.get(number, people[number - 1].name),
            "address": people[number - 1].address, "password": PASSWORD, "society": None,
        }
        for numbers, role in PARTS
        for number in numbers
    ]  # fmt: skip


def _pages(session: Session) -> list[tuple[str, str]]:
    from app.demo.programme import webinars

    def titled(title: str) -> int:
        return session.scalars(select(Activity.id).where(Activity.title == title)).one()

    entries = webinars()
    next_one = min((e for e in entries if e.day > 0), key=lambda e: e.day)
    matching = next(e for e in entries if e.state == "matching")
    sample = next(e for e in entries if e.report)
    awaiting = list_with(session, cast.AWAITING[0])
    course = titled("Foundations of imaging informatics")
    return [
        ("start", external_url("home.start")),
        ("agenda", external_url("agenda.index")),
        ("the next webinar", external_url("agenda.show", id=titled(next_one.title))),
        ("the course", external_url("agenda.show", id=course)),
        ("the joint certificate", external_url("schemes.show", code=diplomas.CODE)),
        ("verify", external_url("verification.index")),
        ("desk", external_url("home.desk")),
        ("presence, to be matched", external_url("attendance.show", id=titled(matching.title))),
        ("presence, settled", external_url("attendance.show", id=titled(sample.title))),
        ("award list, second key missing", external_url("awards.show", id=awaiting)),
        ("outbox", external_url("outbox.index")),
    ]


def list_with(session: Session, number: int) -> int:
    """The latest award list on which somebody stands."""
    address = founding.newcomers("")[number - 1].address
    person = session.scalars(Person.with_address(address)).one()
    return (
        session.scalars(
            select(AwardList.id)
            .join(Award)
            .join(Candidacy)
            .where(Candidacy.person_id == person.id)
            .order_by(AwardList.id.desc())
        ).first()
        or 0
    )


def _documents(session: Session) -> list[dict[str, Any]]:
    """Every diploma, the certificate that was superseded, and the one in its place."""
    superseded = session.scalars(
        Credential.whole().where(Credential.supersession.has()).order_by(Credential.id)
    ).unique()
    corrected = [c for old in superseded for c in (old, old.supersession and old.supersession.new)]
    every = session.scalars(
        Credential.whole().where(Credential.kind == CredentialKind.DIPLOMA).order_by(Credential.id)
    ).unique()
    return [
        {
            "kind": str(one.kind), "standing": str(standing(one, on=today())),
            "holder": one.holder_name, "title": one.title, "serial": one.serial,
            "url": verification_url(one.serial),
        }
        for one in [*every, *corrected]
        if one is not None
    ]  # fmt: skip


def _totals(session: Session) -> dict[str, int]:
    def count(model: Any, *where: Any) -> int:
        return session.scalar(select(func.count()).select_from(model).where(*where)) or 0

    return {
        "people": count(Person),
        "webinars": count(Activity, Activity.kind == "webinar"),
        "webinars to come": count(
            Activity, Activity.kind == "webinar", Activity.starts_at > now()
        ),
        "courses": count(Activity, Activity.kind == "course"),
        "enrolments": count(Enrolment),
        "completions": count(Completion),
        "certificates and diplomas": count(Credential),
        "still to be typeset": count(Credential, Credential.file_digest.is_(None)),
    }  # fmt: skip


def lines(facts: dict[str, Any]) -> Sequence[str]:
    """The same for a terminal."""
    totals = ", ".join(f"{number} {name}" for name, number in facts["totals"].items())
    state = (
        "The demonstration is loaded" if facts["loaded"] else "The demonstration was loaded before"
    )
    return [
        f"{state}: {totals}.",
        "",
        f"Everybody's password: {facts['password']}",
        *(_person(person) for person in facts["people"]),
        "",
        *(f"  {page['name']:<32} {page['url']}" for page in facts["pages"]),
        "",
        *(_document(document) for document in facts["documents"]),
        "",
        "All people and documents are samples.",
    ]


def _person(person: dict[str, Any]) -> str:
    role = f"{person['role']}, {person['society']}" if person["society"] else person["role"]
    return f"  {person['address']:<36} {role} ({person['name']})"


def _document(one: dict[str, Any]) -> str:
    return f"  {one['serial']}  {one['kind']:<10} {one['standing']:<15} {one['holder']}"
