"""Publishing schemes and editions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.agreements.models import Scope, are_tied
from app.errors import Refusal
from app.journal.models import record
from app.schemes.annex import BY_REQUIREMENT, Annex
from app.schemes.applying import lock
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
from app.societies.models import Society
from app.texts import gettext as _


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What an edition lays down."""

    name: str
    opens_on: date
    closes_on: date | None = None
    webinars: int = 0
    courses: Sequence[Activity] = ()
    validity_years: int | None = None
    renewal_credits: int | None = None
    renewal_years: int | None = None


def publish_scheme(
    session: Session,
    *,
    code: str,
    title: str,
    nature: Nature,
    body: Society,
    awarding: Sequence[Society],
    rules: Rules,
    by: Person,
    at: datetime,
    summary: str = "",
    description: str = "",
    endorsing: Sequence[Society] = (),
    recognising: Sequence[Society] = (),
) -> Scheme:
    """Publish a scheme with its first edition; the awarding societies must be tied that day."""
    _must_be_tied(session, awarding, on=at.date())
    if session.scalars(select(Scheme.id).where(Scheme.code == code)).first():
        raise Refusal(_("There is a scheme at this address already. Please choose another."))
    scheme = Scheme(code=code, title=title, summary=summary, description=description,
                    nature=nature, body=body)  # fmt: skip
    groups = (
        (Part.AWARDING, awarding),
        (Part.ENDORSING, endorsing),
        (Part.RECOGNISING, recognising),
    )
    pairs = [(part, society) for part, societies in groups for society in societies]
    if len({society.id for _part, society in pairs}) < len(pairs):
        raise Refusal(_("A society takes one part in a scheme."))
    scheme.parts = [
        SchemePart(society=society, part=part, position=position)
        for position, (part, society) in enumerate(pairs, 1)
    ]
    session.add(scheme)
    record(session, "scheme.published", by=by, at=at, on=scheme, societies=scheme.concerned,
           nature=str(nature),
           awarding=[s.short for s in awarding], body=body.short)  # fmt: skip
    publish_edition(session, scheme, rules, by=by, at=at)
    return scheme


def publish_edition(
    session: Session, scheme: Scheme, rules: Rules, *, by: Person, at: datetime
) -> Edition:
    """Publish a further edition; candidates of earlier ones stay pinned to theirs."""
    _must_be_tied(session, scheme.awarding, on=at.date())
    if any(e.name == rules.name for e in scheme.editions):
        raise Refusal(_("There is an edition of this name already."))
    edition = Edition(scheme=scheme)
    _lay_down(edition, rules)
    session.add(edition)
    record(session, "edition.published", by=by, at=at, on=edition,
           societies=edition.scheme.concerned, **_spoken(edition))  # fmt: skip
    return edition


def revise_edition(
    session: Session, edition: Edition, rules: Rules, *, by: Person, at: datetime
) -> None:
    """Change an edition that nobody has applied under; with candidates its rules are fixed."""
    lock(session, edition)
    if session.scalars(Candidacy.under(edition).limit(1)).first():
        raise Refusal(
            _(
                "People have applied under the edition %(name)s, so it stays as it is. "
                "Please publish a new edition instead.",
                name=edition.name,
            )
        )
    if any(e.name == rules.name and e.id != edition.id for e in edition.scheme.editions):
        raise Refusal(_("There is an edition of this name already."))
    for requirement in edition.requirements:
        session.delete(requirement)
    _lay_down(edition, rules)
    edition.annex = {key: v for key, v in edition.annex.items() if key not in BY_REQUIREMENT}
    record(session, "edition.revised", by=by, at=at, on=edition,
           societies=edition.scheme.concerned, **_spoken(edition))  # fmt: skip


def describe_edition(
    session: Session, edition: Edition, annex: Annex, *, by: Person, at: datetime
) -> None:
    """Say what the supplement tells of an edition. What was issued keeps what it was told.

    It stays open to change while people apply, for it lays no rule upon them; lists that are
    frozen were approved with what it said then, and their keys are void when it says another.
    """
    lock(session, edition)
    if edition.annex == annex:
        return
    before, edition.annex = edition.annex, annex
    changed = sorted(k for k in {*before, *annex} if before.get(k) != annex.get(k))
    record(session, "edition.described", by=by, at=at, on=edition,
           societies=edition.scheme.concerned, changed=changed, annex=annex)  # fmt: skip


def _must_be_tied(session: Session, awarding: Sequence[Society], *, on: date) -> None:
    if not awarding:
        raise Refusal(_("Please name at least one awarding society."))
    if not are_tied(session, awarding, Scope.CERTIFICATION, on=on):
        raise Refusal(
            _(
                "%(societies)s are not tied by agreements in force that cover certification, "
                "so they cannot award together.",
                societies=", ".join(s.short for s in awarding),
            )
        )


def _lay_down(edition: Edition, rules: Rules) -> None:
    edition.name, edition.opens_on, edition.closes_on = rules.name, rules.opens_on, rules.closes_on
    edition.validity_years = rules.validity_years
    edition.renewal_credits, edition.renewal_years = rules.renewal_credits, rules.renewal_years
    wanted: list[tuple[RequirementKind, int, Activity | None]] = []
    if rules.webinars:
        wanted.append((RequirementKind.WEBINARS, rules.webinars, None))
    wanted += [(RequirementKind.COURSE, 1, course) for course in rules.courses]
    if not wanted:
        raise Refusal(_("An edition asks for at least one webinar or course."))
    edition.requirements = [
        Requirement(position=position, kind=kind, count=count, course=course)
        for position, (kind, count, course) in enumerate(wanted, 1)
    ]


def _spoken(edition: Edition) -> dict[str, Any]:
    return {
        "opens": edition.opens_on.isoformat(),
        "closes": edition.closes_on and edition.closes_on.isoformat(),
        "validity_years": edition.validity_years,
        "requirements": [[str(r.kind), r.count, r.course_id] for r in edition.requirements],
    }
