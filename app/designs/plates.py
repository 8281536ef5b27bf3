"""Plates: everything of a sheet that the holders of a list share, laid out once.

A batch is what a list of holders has in common; a plate is a batch for names of one size and
number of lines.
"""

import base64
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from app.designs import (
    balance,
    catalogue,
    code,
    colours,
    face,
    feet,
    framing,
    languages,
    ornament,
    scripts,
    setter,
    stock,
    supplement,
)
from app.designs.fitting import Setting
from app.designs.plans import PLANS, Box, Plan
from app.designs.shared import OF_HOLDER
from app.designs.slots import Plate, Slots, gap
from app.designs.wording import Words

TEMPLATES = Path(__file__).parents[2] / "templates" / "sheets"
MOST_PLATES = 48
MOST_BATCHES = 24
SEAL_RADIUS = 7.4
FACES = Markup(
    '"EB Garamond", "Noto Serif", "Noto Naskh Arabic", "Noto Serif Hebrew", '
    '"Noto Serif Devanagari", "Noto Serif Thai", "Noto Serif JP", "Noto Serif SC", "Noto Serif KR"'
)
NO_CHOICES: Mapping[str, Any] = {}
_batches: OrderedDict[str, "Batch"] = OrderedDict()
_keeping = Lock()


@dataclass
class Batch:
    """What the holders of a list share: the sheet, its words, its societies, its plates."""

    snapshot: Mapping[str, Any]
    choices: Mapping[str, Any]
    sheet: catalogue.Sheet
    plan: Plan
    words: list[Words]
    is_copied: bool
    societies: list[dict[str, Any]]
    title: float
    plates: OrderedDict[tuple[object, ...], Plate] = field(default_factory=OrderedDict)

    def filled(self, snapshot: Mapping[str, Any]) -> str:
        """The sheet of one holder."""
        holder = snapshot["holder"]
        name = setter.named(holder["name"], self.plan, self.title)
        address = feet.address_lines(snapshot, self.plan)
        shape = (
            name.size,
            len(name.lines),
            scripts.script(holder["name"]),
            scripts.direction(holder["name"]),
            address.size,
            len(address.lines),
            self._columns(snapshot),
        )
        plate = self.plates.get(shape)
        if plate is None:
            plate = self.plates[shape] = _plate(self, snapshot, name)
            while len(self.plates) > MOST_PLATES:
                self.plates.popitem(last=False)
        return plate.filled(self._slots(snapshot, name, address))

    def _columns(self, snapshot: Mapping[str, Any]) -> tuple[str, ...]:
        facts = snapshot.get("supplement")
        return supplement.columns(facts, self.words[0]) if facts and self.is_supplemented else ()

    @property
    def is_supplemented(self) -> bool:
        return is_supplemented(self.snapshot, self.choices, self.sheet)

    def _slots(
        self, snapshot: Mapping[str, Any], name: Setting, address: Setting
    ) -> dict[str, str]:
        """Every text of a holder, escaped."""
        own = snapshot["holder"]["name"]
        language = snapshot["holder"]["language"] or self.words[0].language
        slots = {"name": scripts.isolated(own), "language": language, "serial": snapshot["serial"]}
        slots["url"] = snapshot["verify_url"]
        slots |= {f"name-{n}": line for n, line in enumerate(name.lines, start=1)}
        slots |= {f"address-{n}": line for n, line in enumerate(address.lines, start=1)}
        activity = snapshot["activity"] or {}
        for words in self.words:
            for slot, text in _activity(activity, words):
                slots[f"{slot}.{words.language}"] = text
        if self.is_supplemented:
            slots |= dict(supplement.figures(snapshot["supplement"] or {}, self.words[0]))
        written = {slot: str(escape(text)) for slot, text in slots.items()}
        return written | {"code": _code(snapshot["verify_url"], self.plan)}


def is_at_hand(key: str) -> bool:
    return key in _batches


def fill(key: str, snapshot: Mapping[str, Any], pictures: Mapping[str, bytes]) -> str:
    """The sheet of a holder, on a plate that is at hand or made now."""
    batch = _batches.get(key) or _batch(snapshot, pictures)
    with _keeping:
        _batches[key] = batch
        _batches.move_to_end(key)
        while len(_batches) > MOST_BATCHES:
            _batches.popitem(last=False)
    return batch.filled(snapshot)


def is_supplemented(
    snapshot: Mapping[str, Any], choices: Mapping[str, Any], sheet: catalogue.Sheet
) -> bool:
    """Whether pages follow the face; a transcript carries everything on its own pages."""
    facts = snapshot.get("supplement")
    if sheet.code == "transcript":
        return True
    wanted = choices.get("supplement")
    wanted = snapshot["kind"] == "diploma" if wanted is None else bool(wanted)
    return bool(facts) and wanted


def _batch(snapshot: Mapping[str, Any], pictures: Mapping[str, bytes]) -> Batch:
    choices = (snapshot.get("design") or {}).get("choices") or NO_CHOICES
    sheet = catalogue.of(snapshot["kind"], choices)
    plan = PLANS[sheet.code](catalogue.margin(choices))
    snapshot = _ordered(snapshot, choices)
    spoken = list(choices.get("languages") or [snapshot["language"]])[:2]
    words = [Words(snapshot, choices, language) for language in spoken]
    is_copied = len(words) > 1 and choices.get("second") == "copy"
    return Batch(
        snapshot=snapshot,
        choices=choices,
        sheet=sheet,
        plan=plan,
        words=words,
        is_copied=is_copied,
        societies=[framing.framed(society, pictures) for society in snapshot["awarding"]],
        title=setter.titled(words[0].heading, plan).size,
    )


def _ordered(snapshot: Mapping[str, Any], choices: Mapping[str, Any]) -> Mapping[str, Any]:
    """The societies in the order and with the signatories that were chosen."""
    signing, order = choices.get("signatories") or {}, list(choices.get("order") or ())
    societies = [
        society | {"signatory": signing.get(society.get("code")) or society.get("signatory")}
        for society in snapshot["awarding"]
    ]
    places = {code: place for place, code in enumerate(order)}
    societies.sort(key=lambda society: places.get(society.get("code"), len(order)))
    return {**snapshot, "awarding": societies}


def _activity(activity: Mapping[str, Any], words: Words) -> list[tuple[str, str]]:
    found = []
    if activity.get("minutes_present") is not None:
        found.append(("present", words.present(activity["minutes_present"], activity["minutes"])))
    if activity.get("score") is not None:
        found.append(("score", words.score(activity["score"], activity["threshold"])))
    return found


# ------------------------------------------------------------------------- making a plate


def _plate(batch: Batch, snapshot: Mapping[str, Any], name: Setting) -> Plate:
    # What is shared comes from the batch, what is the holder's only gives a plate its shape.
    facts = {**batch.snapshot, **{key: snapshot.get(key) for key in OF_HOLDER}}
    tones = colours.of(batch.choices)
    slots, first = Slots(), batch.words[0]
    shown = batch.words[:1] if batch.is_copied else batch.words
    faces = [face.build(facts, batch.societies, batch.plan, shown, name, slots.of(first.language))]
    if batch.is_copied:
        copied = batch.words[1:]
        faces.append(face.build(facts, batch.societies, batch.plan, copied, name,
                                slots.of(copied[0].language), is_copy=True))  # fmt: skip
    extra = None
    if batch.is_supplemented:
        extra = supplement.build(facts, snapshot.get("supplement") or {}, first)
    context = {
        "sheet": facts,
        "code": batch.sheet.code,
        "plan": batch.plan,
        "margin": catalogue.margin(batch.choices),
        "faces": faces,
        "words": first,
        "colours": tones,
        "slot": slots.of(first.language),
        "gap": gap,
        "faces_of_type": FACES,
        "washed": colours.mixed(tones.warning, tones.paper, 0.13),
        "counted": _counted(first),
        "prints": _prints(batch, faces, tones),
        "table": _table(batch, faces[0], extra),
        "supplement": extra,
    }  # fmt: skip
    html = _environment(first.language).get_template("sheet.html").render(context)
    return Plate.of(html)


def _table(batch: Batch, one: face.Face, extra: supplement.Supplement | None) -> Box | None:
    """Where the modules stand on the first page of a transcript, if there is room for them."""
    if batch.sheet.code != "transcript" or not extra or not extra.modules:
        return None
    plan = batch.plan
    head = max(text.box.bottom for text in one.texts) + 9.0
    foot = min([sign.top - balance.SIGN_SPACE for sign in one.signs] or [plan.signs.top])
    if one.partners:
        foot = min(foot, one.partners.box.top)
    room = Box(plan.middle.left, head, plan.middle.width, foot - head)
    return room if supplement.height(extra, room.width) <= room.height else None


def _counted(words: Words) -> str:
    """Page n of m, as a style says it."""
    told = words._("page %(number)s of %(all)s", number="\x00", all="\x01")
    told = told.replace("\\", "").replace('"', "")
    return Markup(
        '"' + told.replace("\x00", '" counter(page) "').replace("\x01", '" counter(pages) "') + '"'
    )


def _prints(
    batch: Batch, faces: Sequence[face.Face], tones: colours.Colours
) -> list[tuple[int, str | Markup]]:
    """What lies under each face: stock, medallions and the code."""
    sheet, choices = batch.sheet, batch.choices
    ground = stock.of(sheet.code, catalogue.background(sheet, choices),
                      catalogue.margin(choices), tones)  # fmt: skip
    prints: list[tuple[int, str | Markup]] = []
    for number, one in enumerate(faces, start=1):
        prints.append((number, _data(ground)))
        if batch.snapshot.get("sealed") and one.signs:
            away = one.signs[0].width / 2 if batch.plan.is_centred else one.signs[0].width - 8.5
            places = tuple((sign.short, sign.left + away, sign.top) for sign in one.signs)
            seals = stock.seals(batch.plan.height, places, SEAL_RADIUS, tones)
            prints.append((number, _data(seals)))
        ruled = tuple((text.box.middle, text.box.top) for text in one.texts
                      if text.kind == "flourish")  # fmt: skip
        if ruled:
            prints.append((number, _data(stock.flourishes(batch.plan.height, ruled, tones))))
        prints.append((number, gap("code")))
    return prints


def _code(address: str, plan: Plan) -> str:
    """The code as page operators: a run of dark modules is one rectangle."""
    rectangles, modules = code.rectangles(address)
    place = (plan.code.left, plan.code.top, plan.code.width)
    return _data(ornament.code(rectangles, modules, place, plan.height))


def _data(operators: bytes) -> str:
    return "data:application/pdf;base64," + base64.b64encode(operators).decode()


@lru_cache(maxsize=16)
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(  # type: ignore[attr-defined]
        languages.catalogue(language), newstyle=True
    )
    environment.filters["isolated"] = scripts.isolated
    return environment
