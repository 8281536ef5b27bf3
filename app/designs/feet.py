"""What stands below the signatures: who endorses, how it is verified, its serial."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from app.designs import balance
from app.designs.balance import Column, Text
from app.designs.fitting import POINT, Rule, Setting, caps, fit, wrapped
from app.designs.plans import Box, Plan
from app.designs.scripts import isolated
from app.designs.setter import FILLED, MIXED, Slot, in_lines, joined, labelled, refuse, too_much
from app.designs.wording import Fact, Words

ADDRESS_SPREAD = 1.1  # tabular figures and the space between letters, beside plain advances
SERIAL_EMS = 23.5  # the widest of twenty thousand
PARTNER_POINTS = (8.8, 8.2, 7.6, 7.0)
MOST_OF_PARTNERS = 9.6
"""Millimetres."""
FOOT_POINTS = (8.6, 8.1, 7.6, 7.1, 6.6)


def partners(snapshot: Mapping[str, Any], words: Words, plan: Plan) -> Text | None:
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
        lines = _partner_lines(facts, width / (points * POINT) * MIXED)
        leading = balance.leading(points, 1.2)
        height = len(lines) * leading * POINT
        if height <= MOST_OF_PARTNERS:
            break
    else:
        too_much()
    box = Box(plan.middle.left if plan.is_centred else plan.signs.left,
                      plan.signs.top - height, width, height)  # fmt: skip
    return Text("partners", "p", box, points, leading, Column(tuple(lines), words.language))


def _partner_lines(facts: Sequence[Fact], ems: float) -> list[str | Markup]:
    if len(in_lines(facts, ems)) == 1:
        return [joined(facts)]
    lines: list[str | Markup] = []
    for fact in facts:
        room = "\u00a0" * round((caps(fact.label) + 0.4) / 0.25)
        rows = wrapped(room + fact.value, ems)
        lines += [labelled(fact.label, rows[0].lstrip("\u00a0 ")), *rows[1:]]
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
    ) or refuse(text)


def _foot(
    kind: str,
    rows: Sequence[tuple[str, str]],
    box: Box,
    words: Words,
    slot: Slot,
    address: Setting,
) -> Text:
    """Rows of a voice and a text, at the largest size at which they stand in their box."""
    names_serial = any(voice == "serial" for voice, _text in rows)
    for points in FOOT_POINTS:
        room = box.width / (points * POINT)
        lines: list[str | Markup] = []
        for voice, text in rows:
            if voice == "slot":
                lines += _address(address, points, slot)
            elif voice == "serial":
                lines += _serial(text, room, slot)
            elif text:
                lines += _said(voice, text, room)
        leading = balance.leading(points, 1.22)
        height = len(lines) * leading * POINT
        if height <= box.height and not (names_serial and room < SERIAL_EMS):
            break
    else:
        too_much()
    top = box.top + (box.height - height) / 2
    return Text(kind, "p", box._replace(top=top, height=height), points, leading,
                Column(tuple(lines), words.language))  # fmt: skip


def _address(address: Setting, points: float, slot: Slot) -> list[Markup]:
    written = Markup('<strong class="serial" style="font-size:{:.1f}pt">{}</strong>')
    size = min(address.size / ADDRESS_SPREAD, points)
    return [written.format(size, slot(f"address-{n}")) for n in range(1, len(address.lines) + 1)]


def _serial(label: str, room: float, slot: Slot) -> list[Markup]:
    """The serial behind its label, or below it where there is no room."""
    written = Markup('<b class="caps">{}</b>').format(label)
    serial = Markup('<strong class="serial">{}</strong>').format(slot("serial"))
    fits = caps(label) + 0.3 + SERIAL_EMS <= room
    return [written + Markup(" ") + serial] if fits else [written, serial]


def _said(voice: str, text: str, room: float) -> list[str | Markup]:
    lines = map(isolated, wrapped(text, room * FILLED, "bold" if voice == "warn" else "regular"))
    if not voice:
        return list(lines)
    return [Markup('<span class="{}">{}</span>').format(voice, line) for line in lines]
