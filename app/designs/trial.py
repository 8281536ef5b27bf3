"""A sheet on trial: chosen looks with somebody's name and any number of societies, as a sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.designs import sample
from app.designs.choices import Choices, digest, ordered
from app.designs.models import Occasion
from app.designs.parties import party
from app.schemes.annex import credits_of_each
from app.schemes.models import Part, Scheme
from app.societies import marks
from app.societies.models import Society

MOST_SOCIETIES = 6
HOSTILE = {
    "longest": "María de los Ángeles Fernández-Villaverde y Gutiérrez de la Concha",
    "one-word": "Suharto",
    "unbroken": "Hubert Blaine Wolfeschlegelsteinhausenbergerdorff",
    "arabic": "محمد بن عبد الله",
    "hebrew": "שרה כהן־לוי",
    "chinese": "田中 太郎",
    "korean": "김 민지",
    "devanagari": "प्रिया शर्मा",
    "thai": "สมชาย ใจดี",
    "greek": "Αλέξανδρος Παπαδόπουλος",
    "cyrillic": "Олександра Їжакевич",
    "stacked": "Nguyễn Thị Ánh Tuyết",
    "emoji": "Ana 🎓 Lopez",
}
"""Names that strain a sheet; the last one no sheet may print."""
USUAL = "Zoë Łukasiewicz-Ångström"


@dataclass(frozen=True)
class Case:
    """What a preview shows: whose name, how many societies (None: as they are)."""

    name: str = USUAL
    language: str = "en"
    societies: int | None = None


def of_scheme(
    session: Session, scheme: Scheme, chosen: Choices, case: Case, *, on: date
) -> dict[str, Any]:
    """A diploma of the scheme as it would look today."""
    edition = scheme.edition_on(on)
    facts = _sample("diploma", case, len(scheme.awarding), on)
    until = edition and edition.valid_until(on)
    return facts | {
        "title": scheme.title,
        "edition": edition and edition.name,
        "nature": str(scheme.nature),
        "certification_body": scheme.body.name,
        "awarding": _parties(session, scheme.awarding, chosen, case, facts["awarding"], on),
        "endorsing": _named(scheme, Part.ENDORSING),
        "recognising": _named(scheme, Part.RECOGNISING),
        "valid_until": until and until.isoformat(),
        "design": _design(chosen),
        "supplement": _supplement(facts["supplement"], edition.annex if edition else {}),
        "sealed": True,
    }


def of_society(
    session: Session, society: Society, chosen: Choices, case: Case, *, on: date
) -> dict[str, Any]:
    """A certificate of attendance of a webinar that the society leads, as it would look today."""
    facts = _sample("attendance", case, 1, on)
    return facts | {
        "awarding": _parties(session, [society], chosen, case, facts["awarding"], on),
        "design": _design(chosen),
        "supplement": None,
        "sealed": False,
    }


def of(
    session: Session, owner: Scheme | Society, chosen: Choices, case: Case, *, on: date
) -> dict[str, Any]:
    make = of_scheme if isinstance(owner, Scheme) else of_society
    return make(session, owner, chosen, case, on=on)  # type: ignore[arg-type]


def occasion(owner: Scheme | Society) -> Occasion:
    return Occasion.DIPLOMA if isinstance(owner, Scheme) else Occasion.CERTIFICATE


def _sample(kind: str, case: Case, societies: int, on: date) -> dict[str, Any]:
    wanted = min(max(case.societies or societies, societies), MOST_SOCIETIES)
    facts = sample.snapshot(kind, case.name, societies=wanted, language=case.language)
    return facts | {"decided_on": on.isoformat(), "issued_on": on.isoformat(), "sample": True}


def _parties(
    session: Session,
    societies: list[Society],
    chosen: Choices,
    case: Case,
    invented: list[dict[str, Any]],
    on: date,
) -> list[dict[str, Any]]:
    """The societies in the chosen order; on trial with more, invented ones stand in."""
    own = marks.current(session, [society.id for society in societies])
    by_code = {society.code: society for society in societies}
    wanted = case.societies or len(societies)
    parties = [
        party(by_code[code], "awarding", on, own.get(by_code[code].id), chosen)
        for code in ordered(chosen["order"], list(by_code))[:wanted]
    ]
    known = {one["short"] for one in parties}
    spare = [
        one | {"code": "", "role": "awarding"} for one in invented if one["short"] not in known
    ]
    return [*parties, *spare[: wanted - len(parties)]]


def _supplement(invented: Mapping[str, Any], annex: Mapping[str, Any]) -> dict[str, Any]:
    """What the edition states, beside things learnt that nobody learnt."""
    parts = len(annex.get("shares", ())) or 1
    modules = [
        module | {"credits": credits_of_each(annex, place % parts)}
        for place, module in enumerate(invented["modules"])
    ]
    return {**invented, "modules": modules, "annex": annex}


def _design(chosen: Choices) -> dict[str, Any]:
    return {"version": None, "digest": digest(chosen), "choices": chosen}


def _named(scheme: Scheme, part: Part) -> list[dict[str, str]]:
    return [{"short": s.short, "name": s.name} for s in scheme.societies(part)]
