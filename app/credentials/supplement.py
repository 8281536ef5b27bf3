"""The second page of a diploma: what the holder did, and what it amounts to.

    {"modules": [{"title", "kind": "webinar" | "course", "requirement", "domain", "on",
                  "score", "pass_mark", "minutes_present", "minutes", "credits", "societies"}],
     "totals": {"modules", "minutes", "credits"}, "annex": {…}}

`on` is a day (ISO 8601), scores are per cent, `credits` an amount with its system or nothing (the
annex shares them out among the requirements); the annex is as `app.schemes.annex` describes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.agenda.models import Activity, Organiser
from app.awards.models import Award
from app.completions.models import Completion
from app.schemes.annex import credits_of_each, domain


def of_award(session: Session, award: Award, annex: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of everything that was weighed when the list was frozen."""
    modules = list(_modules(session, award, annex))
    return {
        "modules": modules,
        "totals": {
            "modules": len(modules),
            "minutes": sum(module["minutes"] or 0 for module in modules),
            "credits": annex.get("credits"),
        },
        "annex": dict(annex),
    }


def _modules(session: Session, award: Award, annex: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    wanted = [key for fact in award.evidence for key in fact.get("completions", ())]
    completions = _completions(session, wanted)
    for position, fact in enumerate(award.evidence):
        for key in fact.get("completions", ()):
            if completion := completions.get(key):
                yield {
                    "requirement": str(fact["requirement"]),
                    "domain": domain(annex, position),
                    "credits": credits_of_each(annex, position),
                    **_module(completion),
                }


def _completions(session: Session, ids: list[int]) -> dict[int, Completion]:
    found = session.scalars(
        select(Completion)
        .where(Completion.id.in_(ids))
        .options(
            joinedload(Completion.activity, innerjoin=True)
            .joinedload(Activity.organisers)
            .joinedload(Organiser.society, innerjoin=True)
        )
    )
    return {completion.id: completion for completion in found.unique()}


def _module(completion: Completion) -> dict[str, Any]:
    activity = completion.activity
    held = activity.starts_at if activity.is_webinar else None
    day = (held or completion.at).astimezone(ZoneInfo(activity.zone)).date()
    return {
        "title": activity.title,
        "kind": str(activity.kind),
        "on": day.isoformat(),
        "score": completion.score,
        "pass_mark": completion.pass_mark,
        "minutes_present": None if completion.seconds is None else completion.seconds // 60,
        "minutes": (completion.of_seconds or 0) // 60 or activity.minutes,
        "societies": [society.short for society in activity.societies],
    }
