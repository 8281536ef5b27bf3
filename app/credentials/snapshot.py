"""Everything a credential says, copied out at issue: later changes elsewhere never reach it."""

from __future__ import annotations

from datetime import date
from typing import Any

from app import locale
from app.accounts.models import Person
from app.awards.models import Award
from app.completions.models import Completion
from app.schemes.models import Part, Scheme
from app.societies.models import Society
from app.societies.wordmark import mark

LANGUAGE = "en"


def of_award(award: Award, *, serial: str, url: str, issued_on: date) -> dict[str, Any]:
    """The diploma of a released award."""
    release, edition = award.award_list.release, award.award_list.edition
    assert release is not None
    scheme = edition.scheme
    until = valid_until(issued_on, edition.validity_years)
    return {
        **_common("diploma", award.holder_name, award.candidacy.person, serial, url, issued_on),
        "title": scheme.title,
        "edition": edition.name,
        "nature": str(scheme.nature),
        "certification_body": scheme.body.name,
        "awarding": [_society(s, "awarding", issued_on) for s in scheme.awarding],
        "endorsing": _named(scheme, Part.ENDORSING),
        "recognising": _named(scheme, Part.RECOGNISING),
        "activity": None,
        "requirements": [str(fact["requirement"]) for fact in award.evidence],
        "decided_on": release.on.isoformat(),
        "valid_until": until and until.isoformat(),
    }


def of_completion(
    completion: Completion, *, serial: str, url: str, issued_on: date, name: str
) -> dict[str, Any]:
    """The certificate of attendance of a webinar, or of completion of a course."""
    activity = completion.activity
    kind = "attendance" if activity.is_webinar else "completion"
    return {
        **_common(kind, name, completion.person, serial, url, issued_on),
        "title": activity.title,
        "edition": None,
        "nature": None,
        "certification_body": None,
        "awarding": [_society(o.society, str(o.role), issued_on) for o in activity.organisers],
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


def _society(society: Society, role: str, on: date) -> dict[str, Any]:
    signatory = society.signatory(on=on)
    return {
        "short": society.short,
        "name": society.name,
        "country": society.country,
        "colour": society.colour,
        "mark": mark(society.short, society.colour),
        "role": role,
        "signatory": signatory
        and {"name": signatory.person.name, "office": str(signatory.office).capitalize()},
    }


def _named(scheme: Scheme, part: Part) -> list[dict[str, str]]:
    return [{"short": s.short, "name": s.name} for s in scheme.societies(part)]


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
