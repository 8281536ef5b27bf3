"""The face of a credential: its texts, fitted and placed by the plan of its sheet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup, escape

from app.designs import balance, scripts
from app.designs.balance import Column, Part, Plan, Sign, Text
from app.designs.fitting import POINT, Rule, Setting, advance, caps, fit, wrapped
from app.designs.scripts import isolated
from app.designs.wording import Fact, Words
from app.pdf import Unprintable

MOST_LEAD_LINES = 3
ADDRESS_SPREAD = 1.1  # tabular figures and the space between letters, beside plain advances
SERIAL_EMS = 23.5  # the widest of twenty thousand
PARTNER_POINTS = (8.8, 8.2, 7.6, 7.0)
FOOT_POINTS = (8.6, 8.1, 7.6, 7.1, 6.6)
Slot = Callable[[str], Markup]


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
    partners = _partners(snapshot, words[0], plan)
    lifted = partners.box.height + 1.5 if partners else 0.0
    signs = [_raised(sign, lifted) for sign in signs]
    bottom = plan.signs.top - lifted - height
    box = balance.with_height(plan.middle, bottom - 1.0)
    made = _copy if is_copy else MADE[snapshot["kind"]]
    fitted = _fitted(snapshot, plan, words, name, slot, box, made)
    return Face(
        plan=plan,
        marks=balance.marks(societies, plan),
        texts=balance.stacked(fitted, box, plan),
        signs=signs,
        partners=partners,
        feet=feet(snapshot, words[0], plan, slot),
        words=words[0],
    )


def titled(text: str, plan: Plan) -> Setting:
    setting = fit(text, plan.title, measure=plan.middle.width - 2, scale=scripts.scale(text))
    return setting or _refuse(text)


def named(text: str, plan: Plan, title: float) -> Setting:
    """The holder's name, in one of few sizes, never larger than the title."""
    rules = tuple(
        Rule(rule.lines, tuple(s for s in rule.sizes if s <= title) or rule.sizes[-1:],
             rule.at_hyphens)
        for rule in plan.name
    )  # fmt: skip
    scale = scripts.scale(text)
    return fit(text, rules, measure=plan.middle.width - 2, scale=scale) or _refuse(text)


def _refuse(text: str) -> Setting:
    short = text if len(text) <= 60 else text[:60] + "…"
    raise Unprintable(f"“{short}” is too long for the place it has on the sheet.")


def _raised(sign: Sign, by: float) -> Sign:
    return replace(sign, top=sign.top - by)


def _fitted(
    snapshot: Mapping[str, Any],
    plan: Plan,
    words: Sequence[Words],
    name: Setting,
    slot: Slot,
    box: balance.Box,
    made: "Maker",
) -> list[Part]:
    """The parts of the middle at the largest scale at which they stand in their room."""
    for scale in balance.SCALES:
        parts = made(_Setter(plan, words, scale), snapshot, name, slot)
        if balance.fits(parts, box):
            return parts
    return _too_much()


def _too_much() -> list[Part]:
    raise Unprintable("There is more text than this sheet has room for.")


class _Setter:
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
        setting = setting or _refuse(text)
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
            ems = self.measure / (points * POINT * scripts.scale(text)) * 0.985
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
        ems = measure / (points * POINT) * 0.97
        columns = tuple(
            Column(tuple(_joined(line) for line in _in_lines(own, ems)), *_marked(words))
            for own, words in zip(facts, self.words, strict=False)
        )
        if not any(column.lines for column in columns):
            return []
        leading = balance.leading(points, 1.34)
        return [Part(kind, columns, points, leading, gap * self.base)]


def _diploma(set_: _Setter, snapshot: Mapping[str, Any], name: Setting, slot: Slot) -> list[Part]:
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
        *_flourish(set_, 0.5),
        *set_.running("cite", [w.citation for w in set_.words], size=1.0, gap=0.7),
        *_across(set_, "requirements", required),
        *set_.facts("dates", [words.dates for words in set_.words], size=1.0, gap=0.75),
        *set_.running("note", [w.note for w in set_.words], size=0.84, gap=0.5, face="italic"),
    ]


def _flourish(set_: _Setter, gap: float) -> list[Part]:
    """A swelled rule, drawn with the ornament where the sheet is centred."""
    if not set_.plan.is_centred:
        return []
    return [Part("flourish", (Column(()),), 0, 0, gap * set_.base)]


def _across(set_: _Setter, kind: str, text: str) -> list[Part]:
    """A text that stands once, whatever the languages of the face."""
    if not text:
        return []
    points = set_.base * 0.9
    lines = wrapped(text, set_.plan.measure / (points * POINT) * 0.985, "italic")
    return [Part(kind, (Column(lines, "", ""),), points,
                 balance.leading(points, 1.3), 0.16 * set_.base, opens=False)]  # fmt: skip


def _certificate(
    set_: _Setter, snapshot: Mapping[str, Any], name: Setting, slot: Slot
) -> list[Part]:
    title, holder = set_.title(set_.words[0]), snapshot["holder"]
    organised = [words.organisers(is_brief=False) for words in set_.words]
    by = set_.running("by", organised, size=0.98, gap=0.5)
    if len(snapshot["awarding"]) > 1 and len(by[0].columns[0].lines) > MOST_LEAD_LINES:
        organised = [words.organisers(is_brief=True) for words in set_.words]
        by = set_.running("by", organised, size=0.98, gap=0.5)
    activity = str(snapshot["title"])
    rules = (Rule(1, (22, 20)), Rule(2, (20, 18)), Rule(3, (17, 15)), Rule(4, (14, 12)))
    setting = fit(
        activity, rules, measure=set_.plan.middle.width - 2, scale=scripts.scale(activity)
    )
    setting = setting or _refuse(activity)
    size = setting.size * set_.large
    factor = max(1.16, scripts.leading(activity))
    return [
        title,
        *set_.second_title(title),
        *_flourish(set_, 0.9),
        *set_.running("lead", [w.lead(is_brief=False) for w in set_.words],
                      size=1.08, gap=1.0, face="italic"),
        set_.name(name, holder["name"], slot, 0.6),
        *set_.running("lead", [w.citation for w in set_.words], size=1.08, gap=0.7, face="italic"),
        Part("activity", (Column(setting.lines, "", scripts.direction(activity)),), size,
             balance.leading(size, factor), 0.5 * set_.base),
        *by,
        *_flourish(set_, 0.9),
        *_activity(set_, slot),
        *set_.running("note", [w.note for w in set_.words], size=0.84, gap=0.6, face="italic"),
    ]  # fmt: skip


def _copy(set_: _Setter, snapshot: Mapping[str, Any], name: Setting, slot: Slot) -> list[Part]:
    """The same face in another language, which says above all that it is a copy."""
    words = set_.words[0]
    points = set_.base * 0.94
    line = Markup('<b class="caps">{}</b>').format(words.copy)
    column = Column((line,), words.language, words.direction)
    parts = MADE[snapshot["kind"]](set_, snapshot, name, slot)
    mark = Part("copy", (column,), points, balance.leading(points, 1.3), 0, opens=False)
    return [mark, replace(parts[0], gap=0.5 * set_.base, opens=False), *parts[1:]]


Maker = Callable[["_Setter", Mapping[str, Any], Setting, Slot], list[Part]]
MADE: dict[str, Maker] = {
    "diploma": _diploma,
    "attendance": _certificate,
    "completion": _certificate,
}


def _activity(set_: _Setter, slot: Slot) -> list[Part]:
    """What was held and how the holder took part: a fact a line, labels in every language."""
    points = set_.base * 0.98
    ems = set_.plan.measure / (points * POINT) * 0.97
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
            lines.append(_labelled(label, slot(fact.slot)))
            continue
        room = caps(label) + 0.4
        value = " · ".join(values)
        rows = wrapped("\u00a0" * round(room / 0.25) + value, ems)
        lines.append(_labelled(label, rows[0].lstrip("\u00a0 ")))
        lines += rows[1:]
    leading = balance.leading(points, 1.46)
    return [Part("facts", (Column(tuple(lines)),), points, leading, 0.8 * set_.base)]


def _column(lines: Sequence[str], text: str, words: Words) -> Column:
    return Column(tuple(lines), words.language, scripts.direction(text) if text else "")


def _marked(words: Words) -> tuple[str, str]:
    return words.language, words.direction


def _in_lines(facts: Sequence[Fact], ems: float) -> list[list[Fact]]:
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


def _joined(facts: Sequence[Fact]) -> Markup:
    between = Markup('<i class="dot">·</i>')
    return between.join(_labelled(fact.label, fact.value) for fact in facts)


def _labelled(label: str, value: str | Markup) -> Markup:
    written = Markup('<b class="caps">{}</b>').format(label)
    return written + Markup(" ") + escape(value) if value else written


# --------------------------------------------------------------------- partners and feet


def _partners(snapshot: Mapping[str, Any], words: Words, plan: Plan) -> Text | None:
    """Who endorses and who recognises: apart from those who award, and smaller."""
    groups = [(words._("endorsed by"), snapshot["endorsing"]),
              (words._("recognised by"), snapshot["recognising"])]  # fmt: skip
    groups = [(label, societies) for label, societies in groups if societies]
    if not groups:
        return None
    width = plan.middle.width if plan.is_centred else plan.signs.width
    for points in PARTNER_POINTS:
        facts = [Fact(label, words.listed([isolated(s["name"]) for s in societies]))
                 for label, societies in groups]  # fmt: skip
        lines = _partner_lines(facts, width / (points * POINT) * 0.97)
        leading = balance.leading(points, 1.2)
        height = len(lines) * leading * POINT
        if height <= 9.6:
            break
    else:
        _too_much()
    box = balance.Box(plan.middle.left if plan.is_centred else plan.signs.left,
                      plan.signs.top - height, width, height)  # fmt: skip
    return Text("partners", "p", box, points, leading, Column(tuple(lines), words.language))


def _partner_lines(facts: Sequence[Fact], ems: float) -> list[str | Markup]:
    if len(_in_lines(facts, ems)) == 1:
        return [_joined(facts)]
    lines: list[str | Markup] = []
    for fact in facts:
        room = "\u00a0" * round((caps(fact.label) + 0.4) / 0.25)
        rows = wrapped(room + fact.value, ems)
        lines += [_labelled(fact.label, rows[0].lstrip("\u00a0 ")), *rows[1:]]
    return lines


def feet(snapshot: Mapping[str, Any], words: Words, plan: Plan, slot: Slot) -> list[Text]:
    """How it is verified and what it is not; its serial and who stands behind it."""
    _ = words._
    diploma = snapshot["kind"] == "diploma"
    verify = _("Verify this diploma by the code or at") if diploma else _(
        "Verify this certificate by the code or at")  # fmt: skip
    not_ = _("It does not replace a national qualification and is not a licence to practise.")
    first: list[tuple[str, str]] = [("", verify), ("slot", "address"), ("", not_ * diploma)]
    second = [("serial", _("serial"))]
    if snapshot["certification_body"]:
        second += [("caps", _("certification body")), ("", snapshot["certification_body"])]
    if snapshot["sample"]:
        second.append(("warn", _("This is a sample: it certifies nothing.")))
    address = address_lines(snapshot, plan)
    return [_foot("foot first", first, plan.feet[0], words, slot, address),
            _foot("foot second", second, plan.feet[1], words, slot, address)]  # fmt: skip


def address_lines(snapshot: Mapping[str, Any], plan: Plan) -> Setting:
    """The address of the page that verifies, in one line or two."""
    text = str(snapshot["verify_url"]).partition("://")[2] or str(snapshot["verify_url"])
    rules = (Rule(1, (8.6, 7.8, 7.1)), Rule(2, (7.8, 7.1, 6.6), True))
    return fit(
        text, rules, measure=plan.feet[0].width, face="bold", scale=ADDRESS_SPREAD
    ) or _refuse(text)


def _foot(
    kind: str,
    rows: Sequence[tuple[str, str]],
    box: balance.Box,
    words: Words,
    slot: Slot,
    address: Setting,
) -> Text:
    for points in FOOT_POINTS:
        lines: list[str | Markup] = []
        for voice, text in rows:
            if voice == "slot":
                lines += [Markup('<strong class="serial" style="font-size:{:.1f}pt">{}</strong>')
                          .format(min(address.size / ADDRESS_SPREAD, points), slot(f"address-{n}"))
                          for n in range(1, len(address.lines) + 1)]  # fmt: skip
            elif voice == "serial":
                label = Markup('<b class="caps">{}</b>').format(text)
                serial = Markup('<strong class="serial">{}</strong>').format(slot("serial"))
                room = (caps(text) + 0.3 + SERIAL_EMS) * points * POINT
                fits = room <= box.width
                lines += [label + Markup(" ") + serial] if fits else [label, serial]
            elif text:
                face = "bold" if voice == "warn" else "regular"
                ems = box.width / (points * POINT) * 0.98
                lines += [Markup('<span class="{}">{}</span>').format(voice, isolated(line))
                          if voice else isolated(line)
                          for line in wrapped(text, ems, face)]  # fmt: skip
        leading = balance.leading(points, 1.22)
        wide = "second" in kind and SERIAL_EMS * points * POINT > box.width
        if len(lines) * leading * POINT <= box.height and not wide:
            break
    else:
        _too_much()
    height = len(lines) * leading * POINT
    top = box.top + (box.height - height) * (0.5 if "first" in kind or "second" in kind else 0)
    return Text(kind, "p", box._replace(top=top, height=height), points, leading,
                Column(tuple(lines), words.language))  # fmt: skip
