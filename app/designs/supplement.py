"""The supplement of a credential: what was learnt, and the elements of a micro-credential.

The elements are those of Council Recommendation 2022/C 243/02, Annex I, in its order: first the
mandatory ones, then the optional ones.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.designs.fitting import POINT, wrapped
from app.designs.scripts import isolated
from app.designs.wording import Words

COLUMN = 27.0
SIZE, LEADING, PADDING = 10.0, 14.0, 5.2
"""The type of the tables in points, as their style says."""
NOTHING = "–"
FIGURES = ("on", "minutes", "credits", "result")
"""What a module says in figures; these differ between the holders of a list."""


@dataclass(frozen=True)
class Module:
    """One thing that was learnt; its figures are in slots."""

    title: str
    note: str
    slots: dict[str, str]


@dataclass(frozen=True)
class Element:
    """A row of the annex: what it is and what is said of it; one of `slot` differs by holder."""

    label: str
    lines: tuple[str, ...] = ()
    slot: str = ""


@dataclass(frozen=True)
class Supplement:
    """Everything that the pages after a face say."""

    modules: tuple[Module, ...]
    columns: tuple[str, ...]
    elements: tuple[Element, ...]
    optional: tuple[Element, ...]


def modules(facts: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return facts.get("modules") or ()


def annex(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The elements that an edition states, wherever the facts carry them."""
    return facts.get("annex") or facts


def figures(facts: Mapping[str, Any], words: Words) -> Iterator[tuple[str, str]]:
    """Every slot of a supplement with its text."""
    for number, module in enumerate(modules(facts), start=1):
        for figure in FIGURES:
            yield f"{figure}-{number}", _figure(figure, module, words) or NOTHING
    minutes = sum(module.get("minutes") or 0 for module in modules(facts))
    yield "total-minutes", _duration(minutes, words) if minutes else NOTHING
    yield "total-credits", _credits(annex(facts), words) or NOTHING
    yield "grade", isolated(str(annex(facts).get("grade") or NOTHING))


def columns(facts: Mapping[str, Any], words: Words) -> tuple[str, ...]:
    """The figures that at least one module has."""
    found = modules(facts)
    return tuple(f for f in FIGURES if any(_figure(f, module, words) for module in found))


def build(snapshot: Mapping[str, Any], facts: Mapping[str, Any], words: Words) -> Supplement:
    stated = annex(facts)
    return Supplement(
        modules=tuple(
            Module(
                isolated(str(module["title"])),
                " · ".join(_of_module(module, words)),
                {figure: f"{figure}-{number}" for figure in FIGURES},
            )
            for number, module in enumerate(modules(facts), start=1)
        ),
        columns=columns(facts, words),
        elements=tuple(_mandatory(snapshot, stated, words)),
        optional=tuple(_optional(stated, words)),
    )


def height(extra: Supplement, width: float) -> float:
    """The height of the table of modules, never less than what is printed."""
    ems = (width - COLUMN * len(extra.columns) - 5) / (SIZE * POINT) * 0.97
    lines = 2
    for module in extra.modules:
        lines += len(wrapped(module.title, ems, "medium"))
        lines += len(wrapped(module.note, ems, "italic")) if module.note else 0
    return (lines * LEADING + (len(extra.modules) + 2) * PADDING) * POINT + 1


def _of_module(module: Mapping[str, Any], words: Words) -> Iterator[str]:
    _ = words._
    kind = module.get("kind")
    if kind in ("webinar", "course"):
        yield _("webinar") if kind == "webinar" else _("course")
    elif kind:
        yield isolated(str(kind))
    if module.get("domain"):
        yield isolated(str(module["domain"]))
    if module.get("societies"):
        yield ", ".join(isolated(str(short)) for short in module["societies"])


def _figure(figure: str, module: Mapping[str, Any], words: Words) -> str:
    if figure == "result":
        return _result(module, words)
    value = module.get(figure)
    if value is None or value == "":
        return ""
    if figure == "on":
        return words.short_day(str(value))
    if figure == "minutes":
        return _duration(int(value), words)
    return _credits({"credits": value}, words)


def _result(module: Mapping[str, Any], words: Words) -> str:
    _ = words._
    if module.get("result"):
        return isolated(str(module["result"]))
    if module.get("score") is not None:
        return _("%(score)s %%", score=words.number(module["score"]))
    if module.get("minutes_present") is not None:
        return _("present %(minutes)s min", minutes=module["minutes_present"])
    return ""


def _duration(minutes: int, words: Words) -> str:
    _ = words._
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min", minutes=rest)
    if not rest:
        return _("%(hours)s h", hours=hours)
    return _("%(hours)s h %(minutes)s min", hours=hours, minutes=rest)


def _credits(stated: Mapping[str, Any], words: Words) -> str:
    """An amount and its system, however the facts give them."""
    credit: Any = stated.get("credits")
    amount, system = credit, stated.get("credit_system") or ""
    if isinstance(credit, Mapping):
        amount, system = credit.get("amount"), credit.get("system") or ""
    return f"{amount} {isolated(str(system))}".strip() if amount else ""


def _mandatory(
    snapshot: Mapping[str, Any], stated: Mapping[str, Any], words: Words
) -> Iterator[Element]:
    _ = words._
    yield Element(_("Learner"), slot="name")
    title = isolated(str(snapshot["title"]))
    if snapshot["edition"]:
        title = _("%(title)s, edition %(edition)s", title=title, edition=snapshot["edition"])
    yield Element(_("Title"), (title,))
    countries = dict.fromkeys(words.country(s.get("country")) for s in snapshot["awarding"])
    if any(countries):
        yield Element(_("Country of the issuers"), (words.listed([c for c in countries if c]),))
    yield Element(_("Awarding bodies"), tuple(_body(society, words)
                                              for society in snapshot["awarding"]))  # fmt: skip
    yield Element(_("Date of issue"), (words.day(snapshot["issued_on"]),))
    outcomes = tuple(isolated(str(one)) for one in stated.get("outcomes") or ())
    if outcomes:
        yield Element(_("Learning outcomes"), outcomes)
    if load := _workload(stated, words):
        yield Element(_("Notional workload"), (load,))
    if level := _level(stated, words):
        yield Element(_("Level"), (level,))
    yield from _stated(stated, (
        (_("Type of assessment"), ("assessment",)),
        (_("Form of participation"), ("participation",)),
        (_("Type of quality assurance"), ("quality", "quality_assurance")),
    ))  # fmt: skip


def _optional(stated: Mapping[str, Any], words: Words) -> Iterator[Element]:
    _ = words._
    yield from _stated(stated, (
        (_("Prerequisites"), ("prerequisites",)),
        (_("Supervision and identity check"), ("identity", "identity_check")),
    ))  # fmt: skip
    if stated.get("grade"):
        yield Element(_("Grade"), slot="grade")
    yield from _stated(stated, (
        (_("Stacking towards other credentials"), ("stacking",)),
        (_("Further information"), ("further",)),
    ))  # fmt: skip


def _stated(
    stated: Mapping[str, Any], rows: Sequence[tuple[str, Sequence[str]]]
) -> Iterator[Element]:
    for label, keys in rows:
        text = next((stated[key] for key in keys if stated.get(key)), "")
        if text:
            yield Element(label, (isolated(str(text)),))


def _body(society: Mapping[str, Any], words: Words) -> str:
    name, country = isolated(str(society["name"])), words.country(society.get("country"))
    return words._("%(name)s (%(country)s)", name=name, country=country) if country else name


def _workload(stated: Mapping[str, Any], words: Words) -> str:
    _ = words._
    hours, credits = stated.get("workload_hours"), _credits(stated, words)
    load = _("%(hours)s hours", hours=hours) if hours else ""
    return " · ".join(part for part in (load, credits) if part)


def _level(stated: Mapping[str, Any], words: Words) -> str:
    level = stated.get("level")
    if isinstance(level, Mapping):
        if level.get("eqf"):
            return words._("European Qualifications Framework, level %(level)s", level=level["eqf"])
        return isolated(str(level.get("words") or ""))
    return isolated(str(level)) if level else ""
