"""What the supplement of a diploma says of an edition: the elements of a European micro-credential.

Council Recommendation 2022/C 243/02, Annex I. Everything is optional here, for a scheme may be no
micro-credential; what is given is kept in one normal form:

    {"workload_hours": "25", "credits": {"system": "ECTS", "amount": "1"},
     "level": {"eqf": 6} or {"words": "advanced"}, "outcomes": ["…"], "assessment": "…",
     "participation": "…", "quality": "…", "prerequisites": "…", "identity": "…", "grade": "…",
     "stacking": "…", "further": "…", "domains": ["…", "…"], "shares": ["0.25", "0.5"]}

`domains` and `shares` follow the edition's requirements in order; a share is what each activity
under the requirement counts, of the credits. Amounts are decimal numbers written as text. Learner,
title, country, awarding bodies and date are elements too: a diploma knows them without being told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from app.texts import gettext as _

Annex = dict[str, Any]
WORDS = (
    "assessment", "participation", "quality", "prerequisites", "identity", "grade", "stacking",
    "further",
)  # fmt: skip
"""The elements that are told in words."""
BY_REQUIREMENT = ("domains", "shares")
"""The elements that follow the requirements, one by one."""
LONGEST = 400
LONGEST_LINE = 120
MOST_OUTCOMES = 12
EQF_LEVELS = range(1, 9)
MOST_HOURS = Decimal(10_000)
MOST_CREDITS = Decimal(1_000)


@dataclass(frozen=True)
class Fault:
    """An element that cannot stand as it is; `key` is the form's name for it."""

    key: str
    reason: str


def faults(given: Mapping[str, Any], counts: Sequence[int] = ()) -> list[Fault]:
    """Every reason against an annex as a form sends it: flat, with empty texts for nothing.

    `counts` are how many activities each requirement asks for, in order.
    """
    return [*_faults(given), *_faults_of_shares(given, counts)]


def annex(given: Mapping[str, Any]) -> Annex:
    """The normal form of what a form sends; elements that say nothing are left out."""
    found: Annex = {}
    if hours := _amount(given.get("workload_hours")):
        found["workload_hours"] = hours
    if credits := _amount(given.get("credit_amount")):
        found["credits"] = {"system": given.get("credit_system", ""), "amount": credits}
    if given.get("eqf"):
        found["level"] = {"eqf": int(given["eqf"])}
    elif given.get("level_words"):
        found["level"] = {"words": given["level_words"]}
    if outcomes := _lines(given.get("outcomes")):
        found["outcomes"] = outcomes
    found |= {name: given[name] for name in WORDS if given.get(name)}
    domains = [domain or "" for domain in given.get("domains") or ()]
    if any(domains):
        found["domains"] = domains
    shares = [_amount(share) for share in given.get("shares") or ()]
    if any(shares) and "credits" in found:
        found["shares"] = shares
    return found


def spread(annex: Mapping[str, Any]) -> dict[str, Any]:
    """An annex as its form shows it."""
    credits, level = annex.get("credits", {}), annex.get("level", {})
    return {
        "workload_hours": annex.get("workload_hours", ""),
        "credit_system": credits.get("system", ""),
        "credit_amount": credits.get("amount", ""),
        "eqf": str(level.get("eqf", "")),
        "is_accredited": "eqf" in level,
        "level_words": level.get("words", ""),
        "outcomes": "\n".join(annex.get("outcomes", [])),
        **{name: annex.get(name, "") for name in WORDS},
        "domains": list(annex.get("domains", [])),
        "shares": list(annex.get("shares", [])),
    }


def domain(annex: Mapping[str, Any], position: int) -> str:
    """The domain of the requirement at a position (from 0), or nothing."""
    domains: Sequence[str] = annex.get("domains", [])
    return domains[position] if position < len(domains) else ""


def credits_of_each(annex: Mapping[str, Any], position: int) -> dict[str, str] | None:
    """What each activity under the requirement at a position (from 0) counts, or nothing."""
    shares: Sequence[str] = annex.get("shares", [])
    amount = shares[position] if position < len(shares) else ""
    return {"system": annex["credits"]["system"], "amount": amount} if amount else None


def _faults(given: Mapping[str, Any]) -> Iterator[Fault]:
    if given.get("workload_hours") and not _amount(given["workload_hours"], MOST_HOURS):
        yield Fault("workload_hours", _("Hours are a number, such as 25 or 12.5."))
    if given.get("credit_amount") and not _amount(given["credit_amount"], MOST_CREDITS):
        yield Fault("credit_amount", _("An amount is a number, such as 1 or 0.5."))
    elif given.get("credit_amount") and not given.get("credit_system"):
        yield Fault("credit_system", _("Of which kind are these credits? Such as ECTS."))
    elif given.get("credit_system") and not given.get("credit_amount"):
        yield Fault("credit_amount", _("How many of them?"))
    if given.get("eqf") and not given.get("is_accredited"):
        yield Fault(
            "is_accredited",
            _("A level of the European Qualifications Framework may only be printed when the "
              "scheme is accredited at that level. Confirm it, or use your own words."),
        )  # fmt: skip
    if given.get("eqf") and given.get("level_words"):
        yield Fault(
            "level_words", _("Choose a level of the framework or your own words, not both.")
        )
    outcomes = _lines(given.get("outcomes"))
    if len(outcomes) > MOST_OUTCOMES:
        yield Fault("outcomes", _("Please keep to %(max)d outcomes.", max=MOST_OUTCOMES))
    elif any(len(line) > 2 * LONGEST_LINE for line in outcomes):
        yield Fault("outcomes", _("Please keep each to %(max)d characters.", max=2 * LONGEST_LINE))


def _faults_of_shares(given: Mapping[str, Any], counts: Sequence[int]) -> Iterator[Fault]:
    shares = list(given.get("shares") or ())
    if any(share and not _amount(share, MOST_CREDITS) for share in shares):
        yield Fault("shares", _("An amount is a number, such as 1 or 0.5."))
        return
    whole = Decimal(_amount(given.get("credit_amount"), MOST_CREDITS) or 0)
    parts = sum(
        Decimal(_amount(share) or 0) * count for share, count in zip(shares, counts, strict=False)
    )
    if any(shares) and not whole:
        yield Fault("credit_amount", _("How many credits are there in all?"))
    elif parts > whole:
        yield Fault(
            "shares",
            _("The parts come to %(parts)s, more than the %(whole)s credits in all.",
              parts=parts, whole=whole),
        )  # fmt: skip


def _amount(given: Any, most: Decimal = MOST_HOURS) -> str:
    """A decimal number above nothing, without needless zeros; empty when it is none."""
    try:
        amount = Decimal(str(given or "").replace(",", "."))
    except InvalidOperation:
        return ""
    if not amount.is_finite() or not 0 < amount <= most or round(amount, 2) != amount:
        return ""
    return f"{amount.normalize():f}"


def _lines(given: Any) -> list[str]:
    return [line for line in map(str.strip, str(given or "").splitlines()) if line]
