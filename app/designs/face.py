"""The face of a credential: its texts, fitted and placed by the plan of its sheet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from app.designs import balance, feet, scripts
from app.designs.balance import Column, Part, Sign, Text
from app.designs.fitting import Rule, Setting, fit
from app.designs.plans import Box, Plan
from app.designs.scripts import isolated
from app.designs.setter import Setter, Slot, across, activity, flourish, refuse, too_much
from app.designs.wording import Words

MOST_LEAD_LINES = 3


@dataclass(frozen=True)
class Face:
    """Everything that is printed on a face, in its place."""

    plan: Plan
    marks: list[dict[str, Any]]
    texts: list[Text]
    signs: list[Sign]
    partners: Text | None
    feet: list[Text]
    words: Words


def build(
    snapshot: Mapping[str, Any],
    societies: Sequence[dict[str, Any]],
    plan: Plan,
    words: Sequence[Words],
    name: Setting,
    slot: Slot,
    *,
    is_copy: bool = False,
) -> Face:
    """A face in one language or in two; a text that finds no place is refused."""
    societies = [society | {"sealed": words[0].sealed(society["short"])} for society in societies]
    signs, height = balance.signatures(societies, plan)
    partners = feet.partners(snapshot, words[0], plan)
    lifted = partners.box.height + 1.5 if partners else 0.0
    signs = [_raised(sign, lifted) for sign in signs]
    bottom = plan.signs.top - lifted - height
    box = plan.middle._replace(height=bottom - 1.0 - plan.middle.top)
    made = _copy if is_copy else MADE[snapshot["kind"]]
    fitted = _fitted(snapshot, plan, words, name, slot, box, made)
    return Face(
        plan=plan,
        marks=balance.marks(societies, plan),
        texts=balance.stacked(fitted, box, plan),
        signs=signs,
        partners=partners,
        feet=feet.feet(snapshot, words[0], plan, slot),
        words=words[0],
    )


def _raised(sign: Sign, by: float) -> Sign:
    return replace(sign, top=sign.top - by)


def _fitted(
    snapshot: Mapping[str, Any],
    plan: Plan,
    words: Sequence[Words],
    name: Setting,
    slot: Slot,
    box: Box,
    made: "Maker",
) -> list[Part]:
    """The parts of the middle at the largest scale at which they stand in their room."""
    for scale in balance.SCALES:
        parts = made(Setter(plan, words, scale), snapshot, name, slot)
        if balance.fits(parts, box):
            return parts
    return too_much()


def _diploma(set_: Setter, snapshot: Mapping[str, Any], name: Setting, slot: Slot) -> list[Part]:
    title = set_.title(set_.words[0])
    leads = [words.lead(is_brief=False) for words in set_.words]
    lead = set_.running("lead", leads, size=1.08, gap=0.6, face="italic")
    if len(snapshot["awarding"]) > 1 and len(lead[0].columns[0].lines) > MOST_LEAD_LINES:
        leads = [words.lead(is_brief=True) for words in set_.words]
        lead = set_.running("lead", leads, size=1.08, gap=0.6, face="italic")
    holder = snapshot["holder"]
    required = " · ".join(isolated(one) for one in snapshot["requirements"])
    return [
        title,
        *set_.second_title(title),
        *lead,
        set_.name(name, holder["name"], slot, 0.75),
        *flourish(set_, 0.5),
        *set_.running("cite", [w.citation for w in set_.words], size=1.0, gap=0.7),
        *across(set_, "requirements", required),
        *set_.facts("dates", [words.dates for words in set_.words], size=1.0, gap=0.75),
        *set_.running("note", [w.note for w in set_.words], size=0.84, gap=0.5, face="italic"),
    ]


def _certificate(
    set_: Setter, snapshot: Mapping[str, Any], name: Setting, slot: Slot
) -> list[Part]:
    title, holder = set_.title(set_.words[0]), snapshot["holder"]
    organised = [words.organisers(is_brief=False) for words in set_.words]
    by = set_.running("by", organised, size=0.98, gap=0.5)
    if len(snapshot["awarding"]) > 1 and len(by[0].columns[0].lines) > MOST_LEAD_LINES:
        organised = [words.organisers(is_brief=True) for words in set_.words]
        by = set_.running("by", organised, size=0.98, gap=0.5)
    subject = str(snapshot["title"])
    rules = (Rule(1, (22, 20)), Rule(2, (20, 18)), Rule(3, (17, 15)), Rule(4, (14, 12)))
    setting = fit(subject, rules, measure=set_.plan.middle.width - 2, scale=scripts.scale(subject))
    setting = setting or refuse(subject)
    size = setting.size * set_.large
    factor = max(1.16, scripts.leading(subject))
    return [
        title,
        *set_.second_title(title),
        *flourish(set_, 0.9),
        *set_.running("lead", [w.lead(is_brief=False) for w in set_.words],
                      size=1.08, gap=1.0, face="italic"),
        set_.name(name, holder["name"], slot, 0.6),
        *set_.running("lead", [w.citation for w in set_.words], size=1.08, gap=0.7, face="italic"),
        Part("activity", (Column(setting.lines, "", scripts.direction(subject)),), size,
             balance.leading(size, factor), 0.5 * set_.base),
        *by,
        *flourish(set_, 0.9),
        *activity(set_, slot),
        *set_.running("note", [w.note for w in set_.words], size=0.84, gap=0.6, face="italic"),
    ]  # fmt: skip


def _copy(set_: Setter, snapshot: Mapping[str, Any], name: Setting, slot: Slot) -> list[Part]:
    """The same face in another language, which says above all that it is a copy."""
    words = set_.words[0]
    points = set_.base * 0.94
    line = Markup('<b class="caps">{}</b>').format(words.copy)
    column = Column((line,), words.language, words.direction)
    parts = MADE[snapshot["kind"]](set_, snapshot, name, slot)
    mark = Part("copy", (column,), points, balance.leading(points, 1.3), 0, opens=False)
    return [mark, replace(parts[0], gap=0.5 * set_.base, opens=False), *parts[1:]]


Maker = Callable[["Setter", Mapping[str, Any], Setting, Slot], list[Part]]
MADE: dict[str, Maker] = {
    "diploma": _diploma,
    "attendance": _certificate,
    "completion": _certificate,
}
