"""What a diploma claims, in the European Learning Model: what it takes, and the results reached.

Every class carries the properties that the application profile for European Digital Credentials
(EDC-generic) makes mandatory. What the model holds no term for, or only one of a list that does not
know ours, is told in a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from app.open_badges.document import ANNEX

SNB = "http://data.europa.eu/snb"
NOTED = ("assessment", "participation", "quality", "identity", "stacking", "further")
Document = dict[str, Any]


def achievement(snapshot: Mapping[str, Any], serial: str, awarded: Document) -> Document:
    """The learning achievement of the holder; `awarded` is the process that awards it."""
    facts = snapshot.get("supplement") or {}
    annex: Mapping[str, Any] = facts.get("annex") or {}
    found = {
        "id": "urn:epass:learningAchievement:1",
        "type": "LearningAchievement",
        "title": {"en": snapshot["title"]},
        "description": {"en": f"Edition {snapshot['edition']}, serial {serial}"},
        "awardedBy": awarded,
        "specifiedBy": _specification(snapshot["title"], annex),
    }
    assessed = [
        _assessment(number, title, grade, awarded)
        for number, (title, grade) in enumerate(_results(snapshot["title"], facts, annex), 1)
    ]
    return found | {"provenBy": assessed} if assessed else found


def concept(uri: str, scheme: str, label: str) -> Document:
    return {
        "id": uri,
        "type": "Concept",
        "inScheme": {"id": scheme, "type": "ConceptScheme"},
        "prefLabel": {"en": label},
    }


def duration(hours: str) -> str:
    """Hours as xsd:duration."""
    whole, minutes = divmod(round(Decimal(hours) * 60), 60)
    return f"PT{whole}H{minutes}M" if minutes else f"PT{whole}H"


def _specification(title: str, annex: Mapping[str, Any]) -> Document:
    """What has to be learnt; only what is accredited at a level is a qualification at it."""
    level = (annex.get("level") or {}).get("eqf")
    kind = "Qualification" if level else "LearningAchievementSpecification"
    found: Document = {
        "id": f"urn:epass:{kind[0].lower()}{kind[1:]}:1",
        "type": kind,
        "title": {"en": title},
    }
    if outcomes := annex.get("outcomes"):
        found["learningOutcome"] = [
            {
                "id": f"urn:epass:learningOutcome:{n}",
                "type": "LearningOutcome",
                "title": {"en": one},
            }
            for n, one in enumerate(outcomes, 1)
        ]
    if hours := annex.get("workload_hours"):
        found["volumeOfLearning"] = duration(hours)
    if _is_ects(annex):
        found["creditPoint"] = _ects(annex["credits"]["amount"])
    if level:
        found["eqfLevel"] = concept(f"{SNB}/eqf/{level}", f"{SNB}/eqf/25831c2", f"Level {level}")
    if annex.get("prerequisites"):
        found["entryRequirement"] = _note("entryRequirement", annex["prerequisites"])
    if notes := list(_notes(annex)):
        found["additionalNote"] = [_note(str(n), text) for n, text in enumerate(notes, 1)]
    return found


def _is_ects(annex: Mapping[str, Any]) -> bool:
    return str((annex.get("credits") or {}).get("system", "")).strip().upper() == "ECTS"


def _ects(amount: str) -> Document:
    """Points of the one credit system of the controlled list that schemes of ours may use."""
    credit = f"{SNB}/education-credit"
    return {
        "id": "urn:epass:creditPoint:1",
        "type": "CreditPoint",
        "framework": concept(
            f"{credit}/6fcec5c5af", f"{credit}/25831c2", "European Credit Transfer System"
        ),
        "point": amount,
    }


def _notes(annex: Mapping[str, Any]) -> Iterator[str]:
    if words := (annex.get("level") or {}).get("words"):
        yield f"Level: {words}"
    if annex.get("credits") and not _is_ects(annex):
        yield f"Credits: {annex['credits']['amount']} {annex['credits']['system']}"
    yield from (f"{ANNEX[name]}: {annex[name]}" for name in NOTED if annex.get(name))


def _results(
    title: str, facts: Mapping[str, Any], annex: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """What was assessed with its grade: the whole where the edition states one, then each test."""
    if annex.get("grade"):
        yield title, annex["grade"]
    for module in facts.get("modules") or ():
        if module["score"] is not None:
            mark = module.get("pass_mark")
            passed = f" (pass mark {mark} %)" if mark is not None else ""
            yield module["title"], f"{module['score']} %{passed}"


def _assessment(number: int, title: str, grade: str, awarded: Document) -> Document:
    return {
        "id": f"urn:epass:learningAssessment:{number}",
        "type": "LearningAssessment",
        "title": {"en": title},
        "grade": _note(f"grade:{number}", grade),
        "awardedBy": awarded,
    }


def _note(name: str, text: str) -> Document:
    return {"id": f"urn:epass:note:{name}", "type": "Note", "noteLiteral": {"en": text}}
