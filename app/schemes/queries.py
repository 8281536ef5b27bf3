"""The facts that requirements are weighed by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.accounts.models import Person
from app.agenda.models import Activity, Kind, Organiser
from app.completions.models import Completion
from app.schemes.models import (
    Candidacy,
    Edition,
    Part,
    Requirement,
    RequirementKind,
    Scheme,
    SchemePart,
)
from app.schemes.requirements import Done, Required, Standing, weigh_all

MANY = 400


@dataclass(frozen=True)
class Progress:
    """A scheme's page for one reader: the edition that counts for them and how they stand."""

    edition: Edition | None
    requirements: tuple[Required, ...] = ()
    standings: tuple[Standing, ...] = ()
    candidacy: Candidacy | None = None

    @property
    def met(self) -> int:
        return sum(s.met for s in self.standings)

    @property
    def meets_all(self) -> bool:
        return bool(self.standings) and self.met == len(self.standings)


def required(edition: Edition) -> tuple[Required, ...]:
    """The facts of an edition's requirements, in order."""
    awarding = frozenset(p.society_id for p in edition.scheme.parts if p.part is Part.AWARDING)
    return tuple(
        Required(
            id=r.id,
            kind=r.kind,
            count=r.count,
            course_id=r.course_id,
            course_title=r.course.title if r.course else "",
            societies=awarding if r.kind is RequirementKind.WEBINARS else frozenset(),
        )
        for r in edition.requirements
    )


def done_by(
    session: Session, people: Iterable[int], requirements: Sequence[Required]
) -> dict[int, list[Done]]:
    """What these people have completed, as far as it may count."""
    courses = {r.course_id for r in requirements if r.course_id is not None}
    societies = {s for r in requirements for s in r.societies}
    held = select(Organiser.activity_id).where(Organiser.society_id.in_(societies))
    found: dict[int, list[Done]] = defaultdict(list)
    wanted = sorted(set(people))
    for start in range(0, len(wanted), MANY):
        completions = session.scalars(
            select(Completion)
            .join(Completion.activity)
            .where(
                Completion.person_id.in_(wanted[start : start + MANY]),
                or_(
                    (Activity.kind == Kind.WEBINAR) & Activity.id.in_(held),
                    Activity.id.in_(courses),
                ),
            )
            .options(
                joinedload(Completion.activity, innerjoin=True)
                .joinedload(Activity.organisers)
                .joinedload(Organiser.society, innerjoin=True)
            )
        )
        for completion in completions.unique():
            found[completion.person_id].append(_facts(completion))
    return found


def standings(
    session: Session, edition: Edition, people: Iterable[int], *, on: date
) -> dict[int, tuple[Standing, ...]]:
    """How each of these people stands towards each requirement on a day."""
    wanted = list(people)
    requirements = required(edition)
    done = done_by(session, wanted, requirements)
    return {p: weigh_all(requirements, done.get(p, []), on=on) for p in wanted}


def candidacy_of(session: Session, person: Person, scheme: Scheme) -> Candidacy | None:
    """The person's latest candidacy for a scheme, with the edition it is pinned to."""
    return session.scalars(
        Candidacy.of(person)
        .join(Candidacy.edition)
        .where(Edition.scheme_id == scheme.id)
        .order_by(None)
        .order_by(Candidacy.id.desc())
        .limit(1)
        .options(contains_eager(Candidacy.edition))
    ).first()


def progress(session: Session, scheme: Scheme, person: Person | None, *, on: date) -> Progress:
    """How a reader stands; a candidate under the edition they are pinned to."""
    candidacy = candidacy_of(session, person, scheme) if person is not None else None
    edition = candidacy.edition if candidacy else scheme.edition_on(on)
    if edition is None:
        return Progress(None)
    asked = required(edition)
    if person is None:
        return Progress(edition, asked)
    done = done_by(session, [person.id], asked).get(person.id, [])
    return Progress(edition, asked, weigh_all(asked, done, on=on), candidacy)


def awarded_editions(society_ids: Sequence[int]) -> Select[Edition]:
    """Editions of schemes that these societies award: the reach of their officers."""
    awarding = select(SchemePart.scheme_id).where(
        SchemePart.society_id.in_(society_ids), SchemePart.part == Part.AWARDING
    )
    return (
        select(Edition)
        .where(Edition.scheme_id.in_(awarding))
        .order_by(Edition.scheme_id, Edition.opens_on.desc())
        .options(
            joinedload(Edition.scheme, innerjoin=True)
            .selectinload(Scheme.parts)
            .joinedload(SchemePart.society, innerjoin=True),
            selectinload(Edition.requirements).joinedload(Requirement.course),
        )
    )


def candidates_of(session: Session, editions: Iterable[Edition]) -> dict[int, int]:
    """How many candidates each of these editions has."""
    counts = session.execute(
        select(Candidacy.edition_id, func.count())
        .where(Candidacy.edition_id.in_([e.id for e in editions]))
        .group_by(Candidacy.edition_id)
    )
    return {edition: count for edition, count in counts}


def _facts(completion: Completion) -> Done:
    activity = completion.activity
    return Done(
        completion_id=completion.id,
        activity_id=activity.id,
        title=activity.title,
        at=completion.at,
        is_webinar=activity.is_webinar,
        held_at=activity.starts_at if activity.is_webinar else None,
        zone=activity.zone,
        societies=frozenset(o.society_id for o in activity.organisers),
        society_names=tuple(s.short for s in activity.societies),
        seconds=completion.seconds,
        of_seconds=completion.of_seconds,
        score=completion.score,
        pass_mark=completion.pass_mark,
    )
