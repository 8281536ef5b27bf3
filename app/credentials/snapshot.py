"""Everything a credential says, copied out at issue: later changes elsewhere never reach it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app import locale
from app.accounts.models import Person
from app.awards.content import Look
from app.awards.models import Award
from app.completions.models import Completion
from app.credentials import supplement
from app.designs import choices
from app.designs import queries as designs
from app.designs.models import DesignVersion, Occasion
from app.designs.parties import party
from app.schemes.models import Edition, Endorsement, Part
from app.societies import marks
from app.societies.models import Society

LANGUAGE = "en"


def version_for(session: Session, source: Award | Completion) -> DesignVersion | None:
    """The published design to set it with: of a diploma the one that its officers approved."""
    if isinstance(source, Completion):
        return designs.latest(session, society_id=source.activity.lead.id)
    approved = Look.approved(source.award_list).design
    scheme_id = source.award_list.edition.scheme_id
    return designs.version_of(session, scheme_id, approved["version"]) if approved else None


def of_award(
    session: Session,
    award: Award,
    version: DesignVersion | None,
    *,
    serial: str,
    url: str,
    issued_on: date,
) -> dict[str, Any]:
    """The diploma of a released award, looking as it did when its list was frozen."""
    release, edition = award.award_list.release, award.award_list.edition
    assert release is not None
    scheme, look = edition.scheme, Look.approved(award.award_list)
    design = designs.in_snapshot(version, Occasion.DIPLOMA)
    chosen = design["choices"]
    codes = choices.ordered(chosen["order"], [s.code for s in scheme.awarding])
    awarding = sorted(scheme.awarding, key=lambda society: codes.index(society.code))
    own = marks.named(session, {s.id: look.marks[s.code] for s in awarding if s.code in look.marks})
    until = valid_until(issued_on, edition.validity_years)
    return {
        **_common("diploma", award.holder_name, award.candidacy.person, serial, url, issued_on),
        "title": scheme.title,
        "edition": edition.name,
        "nature": str(scheme.nature),
        "certification_body": scheme.body.name,
        "body": {**_names(scheme.body), "country": scheme.body.country},
        "awarding": [party(s, "awarding", issued_on, own.get(s.id), chosen) for s in awarding],
        "endorsing": _endorsing(session, edition),
        "recognising": [_names(society) for society in scheme.societies(Part.RECOGNISING)],
        "activity": None,
        "requirements": [str(fact["requirement"]) for fact in award.evidence],
        "decided_on": release.on.isoformat(),
        "valid_until": until and until.isoformat(),
        "design": design,
        "supplement": supplement.of_award(session, award, look.annex),
        "sealed": True,
    }


def of_completion(
    session: Session,
    completion: Completion,
    version: DesignVersion | None,
    *,
    serial: str,
    url: str,
    issued_on: date,
    name: str,
) -> dict[str, Any]:
    """The certificate of attendance of a webinar, or of completion of a course.

    It looks as the society that leads it has published.
    """
    activity = completion.activity
    kind = "attendance" if activity.is_webinar else "completion"
    design = designs.in_snapshot(version, Occasion.CERTIFICATE)
    own = marks.current(session, [o.society_id for o in activity.organisers])
    return {
        **_common(kind, name, completion.person, serial, url, issued_on),
        "title": activity.title,
        "edition": None,
        "nature": None,
        "certification_body": None,
        "awarding": [
            party(o.society, str(o.role), issued_on, own.get(o.society_id), design["choices"])
            for o in activity.organisers
        ],
        "endorsing": [],
        "recognising": [],
        "activity": {
            "kind": str(activity.kind),
            "held": _held(completion),
            "minutes_present": None if completion.seconds is None else completion.seconds // 60,
            "minutes": None if completion.of_seconds is None else completion.of_seconds // 60,
            "score": completion.score,
            "threshold": completion.threshold,
            "speakers": ", ".join(s.name for s in activity.speakers if s.speaks),
            "language": locale.language_in(activity.language, LANGUAGE),
        },
        "requirements": [],
        "decided_on": completion.at.date().isoformat(),
        "valid_until": None,
        "design": design,
        "supplement": None,
        "sealed": False,
    }


def valid_until(issued_on: date, years: int | None) -> date | None:
    """The last day of validity: the same day so many years later, 28 February for a leap day."""
    if years is None:
        return None
    try:
        return issued_on.replace(year=issued_on.year + years)
    except ValueError:
        return issued_on.replace(year=issued_on.year + years, day=28)


def _common(
    kind: str, name: str, person: Person, serial: str, url: str, issued_on: date
) -> dict[str, Any]:
    return {
        "kind": kind,
        "serial": serial,
        "holder": {"name": name, "language": person.language},
        "issued_on": issued_on.isoformat(),
        "verify_url": url,
        "sample": person.is_sample,
        "language": LANGUAGE,
    }


def _endorsing(session: Session, edition: Edition) -> list[dict[str, Any]]:
    """Of the societies that shall endorse the scheme, those whose endorsement stands at issue."""
    wanted = edition.scheme.societies(Part.ENDORSING)
    if not wanted:
        return []
    given = {one.society_id: one.id for one in session.scalars(Endorsement.standing(edition))}
    return [{**_names(s), "endorsement": given[s.id]} for s in wanted if s.id in given]


def _names(society: Society) -> dict[str, str]:
    return {"short": society.short, "name": society.name}


def _held(completion: Completion) -> str:
    """When a webinar took place, in the organiser's zone, or when a course was completed."""
    activity = completion.activity
    if activity.starts_at is None or activity.ends_at is None:
        return locale.long_day_in(completion.at, activity.zone, LANGUAGE)
    sessions = [
        f"{locale.long_day_in(starts, activity.zone, LANGUAGE, weekday=True)}, "
        f"{locale.span(starts, ends, activity.zone)}"
        for starts, ends in activity.windows
    ]
    return f"{'; '.join(sessions)} ({activity.zone})"
