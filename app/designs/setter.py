"""Setting the texts of a face: measured, broken into lines, and made parts at a scale."""

from collections.abc import Callable, Sequence

from markupsafe import Markup, escape

from app.designs import balance, scripts
from app.designs.balance import Column, Part
from app.designs.fitting import POINT, Rule, Setting, advance, caps, fit, wrapped
from app.designs.plans import Plan
from app.designs.wording import Fact, Words
from app.pdf import Unprintable

FILLED = 0.985
"""So much of a line is filled: kerning differs a little from plain advances."""
MIXED = 0.97
"""The same of a line in several voices."""
Slot = Callable[[str], Markup]


def titled(text: str, plan: Plan) -> Setting:
    setting = fit(text, plan.title, measure=plan.middle.width - 2, scale=scripts.scale(text))
    return setting or refuse(text)


def named(text: str, plan: Plan, title: float) -> Setting:
    """The holder's name, in one of few sizes, never larger than the title."""
    rules = tuple(
        Rule(rule.lines, tuple(s for s in rule.sizes if s <= title) or rule.sizes[-1:],
             rule.at_hyphens)
        for rule in plan.name
    )  # fmt: skip
    scale = scripts.scale(text)
    return fit(text, rules, measure=plan.middle.width - 2, scale=scale) or refuse(text)


def refuse(text: str) -> Setting:
    short = text if len(text) <= 60 else text[:60] + "…"
    raise Unprintable(f"“{short}” is too long for the place it has on the sheet.")


def too_much() -> list[Part]:
    raise Unprintable("There is more text than this sheet has room for.")


class Setter:
    """Makes parts at a scale: title and name give way later than running text."""

    def __init__(self, plan: Plan, words: Sequence[Words], scale: float) -> None:
        self.plan, self.words, self.scale = plan, words, scale
        self.base = plan.points * scale
        self.large = min(1.0, scale + 0.12)

    @property
    def measure(self) -> float:
        """Millimetres of a line of running text."""
        if len(self.words) > 1:
            return balance.column_measure(self.plan.middle.width)
        return self.plan.measure

    def title(self, words: Words, tag: str = "h1", kind: str = "title") -> Part:
        setting = titled(words.heading, self.plan)
        size = setting.size * self.large
        factor = max(1.1, scripts.leading(words.heading))
        return Part(kind, (_column(setting.lines, words.heading, words),), size,
                    balance.leading(size, factor), 0, tag)  # fmt: skip

    def second_title(self, first: Part) -> list[Part]:
        """The title in the second language: smaller, in italics, right below."""
        if len(self.words) < 2 or not self.words[1].has_own_heading:
            return []
        text = self.words[1].heading
        sizes = tuple(first.points * share for share in (0.62, 0.56, 0.5, 0.45))
        rules = (Rule(1, sizes), Rule(2, sizes[1:]), Rule(3, sizes[2:]))
        measure = self.plan.middle.width - 2
        setting = fit(text, rules, measure=measure, scale=scripts.scale(text), face="italic")
        setting = setting or refuse(text)
        lead = balance.leading(setting.size, max(1.2, scripts.leading(text)))
        return [Part("second-title", (_column(setting.lines, text, self.words[1]),),
                     setting.size, lead, 2, opens=False)]  # fmt: skip

    def name(self, setting: Setting, name: str, slot: Slot, gap: float) -> Part:
        size = setting.size * self.large
        factor = max(1.14, scripts.leading(name))
        lines = tuple(slot(f"name-{number}") for number in range(1, len(setting.lines) + 1))
        column = Column(lines, "", scripts.direction(name))
        return Part("name", (column,), size, balance.leading(size, factor), gap * self.base)

    def running(
        self,
        kind: str,
        texts: Sequence[str],
        *,
        size: float,
        gap: float,
        face: str = "regular",
        opens: bool = True,
    ) -> list[Part]:
        """A text in every language of the face, each in its column."""
        if not any(texts):
            return []
        points = self.base * size
        columns = []
        for text, words in zip(texts, self.words, strict=False):
            ems = self.measure / (points * POINT * scripts.scale(text)) * FILLED
            columns.append(_column(wrapped(text, ems, face) if text else (), text, words))
        tall = max(scripts.leading(text) for text in texts)
        factor = 1.3 if tall == 1 else max(1.3, tall * 1.1)
        return [Part(kind, tuple(columns), points, balance.leading(points, factor),
                     gap * self.base, opens=opens)]  # fmt: skip

    def facts(
        self, kind: str, facts: Sequence[Sequence[Fact]], *, size: float, gap: float
    ) -> list[Part]:
        """Labels in small capitals with their values, as many in a line as it holds."""
        points = self.base * size
        alone = len(self.words) == 1
        measure = self.plan.middle.width if alone else self.measure
        ems = measure / (points * POINT) * MIXED
        columns = tuple(
            Column(tuple(joined(line) for line in in_lines(own, ems)), *_marked(words))
            for own, words in zip(facts, self.words, strict=False)
        )
        if not any(column.lines for column in columns):
            return []
        leading = balance.leading(points, 1.34)
        return [Part(kind, columns, points, leading, gap * self.base)]


def flourish(set_: Setter, gap: float) -> list[Part]:
    """A swelled rule, drawn with the ornament where the sheet is centred."""
    if not set_.plan.is_centred:
        return []
    return [Part("flourish", (Column(()),), 0, 0, gap * set_.base)]


def across(set_: Setter, kind: str, text: str) -> list[Part]:
    """A text that stands once, whatever the languages of the face."""
    if not text:
        return []
    points = set_.base * 0.9
    lines = wrapped(text, set_.plan.measure / (points * POINT) * FILLED, "italic")
    return [Part(kind, (Column(lines, "", ""),), points,
                 balance.leading(points, 1.3), 0.16 * set_.base, opens=False)]  # fmt: skip


def activity(set_: Setter, slot: Slot) -> list[Part]:
    """What was held and how the holder took part: a fact a line, labels in every language."""
    points = set_.base * 0.98
    ems = set_.plan.measure / (points * POINT) * MIXED
    lines: list[str | Markup] = []
    first, *others = set_.words
    for number, fact in enumerate([*first.activity, first.dates[0]]):
        labels, values = [fact.label], [fact.value]
        for words in others:
            other = [*words.activity, words.dates[0]][number]
            labels.append(other.label)
            values += [other.value] if other.value != fact.value else []
        label = " · ".join(labels)
        if fact.slot:
            lines.append(labelled(label, slot(fact.slot)))
            continue
        room = caps(label) + 0.4
        value = " · ".join(values)
        rows = wrapped("\u00a0" * round(room / 0.25) + value, ems)
        lines.append(labelled(label, rows[0].lstrip("\u00a0 ")))
        lines += rows[1:]
    leading = balance.leading(points, 1.46)
    return [Part("facts", (Column(tuple(lines)),), points, leading, 0.8 * set_.base)]


def _column(lines: Sequence[str], text: str, words: Words) -> Column:
    return Column(tuple(lines), words.language, scripts.direction(text) if text else "")


def _marked(words: Words) -> tuple[str, str]:
    return words.language, words.direction


def in_lines(facts: Sequence[Fact], ems: float) -> list[list[Fact]]:
    lines: list[list[Fact]] = []
    width = 0.0
    for fact in facts:
        wide = caps(fact.label) + 0.25 + advance(fact.value, "regular") + 1.6
        if lines and width + wide <= ems:
            lines[-1].append(fact)
            width += wide
        else:
            lines.append([fact])
            width = wide
    return lines


def joined(facts: Sequence[Fact]) -> Markup:
    between = Markup('<i class="dot">·</i>')
    return between.join(labelled(fact.label, fact.value) for fact in facts)


def labelled(label: str, value: str | Markup) -> Markup:
    written = Markup('<b class="caps">{}</b>').format(label)
    return written + Markup(" ") + escape(value) if value else written
