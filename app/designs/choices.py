"""What officers choose about a sheet: read from anywhere, checked, completed, in one normal form.

A design is a plain mapping in which every key may be left out:

    {"sheet": "heritage", "languages": ["en", "de"], "second": "same sheet",
     "texts": {"en": {"title": "", "lead": "", "citation": "", "note": ""}, "de": {…}},
     "colours": {"ornament": "#ae924a", "ink": "#17202e", "paper": "#fdfcf8"},
     "order": ["eusomii", "siim"], "signatories": {"siim": {"name": "…", "office": "…"}},
     "background": "rosette", "margin": 11, "supplement": True}

An empty text stands for the sheet's own words. A title in a second language stands below the
scheme's own; a text may leave places such as `{societies}` for the sheet to fill in
(`app.designs.wording.PLACES`). Margins are millimetres between the edge of the paper and the
ornament. Order and signatories are already applied to the
societies of a snapshot; what is left out of them follows the scheme and the office.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import rfc8785

from app.designs.catalogue import SHEETS
from app.designs.wording import PLACE, PLACES
from app.texts import gettext as _

Choices = dict[str, Any]


DEFAULT_SHEET = {"diploma": "heritage", "certificate": "portrait"}
LANGUAGES = (
    "bg", "cs", "da", "de", "el", "en", "es", "fi", "fr", "he", "hi", "hr", "hu", "it", "ja",
    "ko", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "th", "tr", "uk", "zh", "ar",
)  # fmt: skip
"""Languages whose scripts our typefaces hold."""
SECOND = ("same sheet", "copy")
TEXTS = {"title": 140, "lead": 220, "citation": 320, "note": 320}
"""The texts of a sheet and how long each may be."""
SHAPE: dict[str, type] = {
    "sheet": str, "background": str, "second": str, "languages": list, "order": list,
    "texts": Mapping, "colours": Mapping, "signatories": Mapping,
}  # fmt: skip
COLOURS = {"ornament": "#ae924a", "ink": "#17202e", "paper": "#fdfcf8"}
MARGIN = {"diploma": 11, "certificate": 11}
LEAST_MARGIN, MOST_MARGIN = 8, 18
LONGEST_NAME, LONGEST_OFFICE = 120, 120
LEAST_CONTRAST = 7.0
"""Of ink on paper: the enhanced contrast of WCAG 2.2, 1.4.6."""


@dataclass(frozen=True)
class Fault:
    """A choice that cannot stand, and why; `key` is its place, such as `texts.de.title`."""

    key: str
    reason: str


class Unfit(Exception):
    """These choices cannot become a design."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.key}: {fault.reason}" for fault in faults))
        self.faults = tuple(faults)


def whole(
    raw: Mapping[str, Any] | None,
    *,
    occasion: str = "diploma",
    societies: Collection[str] | None = None,
) -> Choices:
    """The choices in normal form, complete with defaults; raises `Unfit` with every fault.

    `societies` are the codes of those who may be put in order and sign; None takes any.
    """
    raw = raw or {}
    faults = list(_faults_of_shape(raw)) or list(_faults(raw, occasion, societies))
    if faults:
        raise Unfit(faults)
    sheet = SHEETS[raw.get("sheet") or DEFAULT_SHEET[occasion]]
    languages = list(raw.get("languages") or ["en"])
    return {
        "sheet": sheet.code,
        "languages": languages,
        "second": raw.get("second") or SECOND[0],
        "texts": {code: _texts(raw.get("texts"), code) for code in languages},
        "colours": {
            part: str((raw.get("colours") or {}).get(part) or default).lower()
            for part, default in COLOURS.items()
        },
        "order": list(raw.get("order") or []),
        "signatories": {
            code: {"name": _line(signs.get("name")), "office": _line(signs.get("office"))}
            for code, signs in sorted((raw.get("signatories") or {}).items())
            if _line(signs.get("name"))
        },
        "background": raw.get("background") or sheet.backgrounds[0],
        "margin": int(raw["margin"]) if raw.get("margin") else MARGIN[occasion],
        "supplement": bool(raw.get("supplement", occasion == "diploma")),
    }


def digest(choices: Mapping[str, Any]) -> str:
    """SHA-256 of the choices in canonical JSON (RFC 8785), lower-case hexadecimal."""
    return hashlib.sha256(rfc8785.dumps(dict(choices))).hexdigest()


def ordered(order: Sequence[str], codes: Sequence[str]) -> list[str]:
    """The codes in the chosen order; whoever it does not name follows in the agreed one."""
    chosen = [code for code in order if code in codes]
    return [*chosen, *(code for code in codes if code not in chosen)]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _faults(
    raw: Mapping[str, Any], occasion: str, societies: Collection[str] | None
) -> Iterator[Fault]:
    yield from _faults_of_sheet(raw, occasion)
    yield from _faults_of_languages(raw)
    yield from _faults_of_texts(raw)
    yield from _faults_of_colours(raw)
    yield from _faults_of_societies(raw, societies)
    margin = raw.get("margin")
    if margin and not (_is_whole_number(margin) and LEAST_MARGIN <= int(margin) <= MOST_MARGIN):
        yield Fault("margin", _("A margin is %(least)d to %(most)d millimetres.",
                                least=LEAST_MARGIN, most=MOST_MARGIN))  # fmt: skip


def _faults_of_shape(raw: Mapping[str, Any]) -> Iterator[Fault]:
    """What is not even of the kind that its place asks for."""
    for key, kind in SHAPE.items():
        given = raw.get(key)
        is_read = not given or isinstance(given, kind)
        if isinstance(given, list):
            is_read = is_read and all(isinstance(one, str) for one in given)
        if not is_read:
            yield Fault(key, _("This cannot be read."))


def _faults_of_sheet(raw: Mapping[str, Any], occasion: str) -> Iterator[Fault]:
    sheet = SHEETS.get(raw.get("sheet") or DEFAULT_SHEET[occasion])
    if sheet is None or occasion not in sheet.occasions:
        yield Fault("sheet", _("There is no such sheet for this."))
    elif (raw.get("background") or sheet.backgrounds[0]) not in sheet.backgrounds:
        yield Fault("background", _("This sheet has no such background."))


def _faults_of_languages(raw: Mapping[str, Any]) -> Iterator[Fault]:
    languages = raw.get("languages") or ["en"]
    if languages[0] != "en" or len(languages) > 2:
        yield Fault("languages", _("A sheet is in English, or in English and one more language."))
    elif any(code not in LANGUAGES for code in languages) or languages[1:] == ["en"]:
        yield Fault("languages", _("We cannot set this language yet."))
    if (raw.get("second") or SECOND[0]) not in SECOND:
        yield Fault("second", _("The second language stands on the same sheet or on a copy."))


def _faults_of_texts(raw: Mapping[str, Any]) -> Iterator[Fault]:
    for code, per_language in (raw.get("texts") or {}).items():
        if not isinstance(per_language, Mapping):
            yield Fault(f"texts.{code}", _("This is not a text."))
            continue
        for name, text in per_language.items():
            if reason := _against_text(name, text):
                yield Fault(f"texts.{code}.{name}", reason)


def _against_text(name: str, text: Any) -> str:
    if name not in TEXTS:
        return _("No sheet has such a text.")
    if not isinstance(text, str) or any(unicodedata.category(c) in {"Cc", "Cs"} for c in text):
        return _("Please keep this to one line of plain text.")
    if len(text) > TEXTS[name]:
        return _("Please keep this to %(max)d characters.", max=TEXTS[name])
    if set("{}") & set(PLACE.sub("", text)):
        return _("Only %(places)s may stand in braces.",
                 places=", ".join(f"{{{place}}}" for place in PLACES))  # fmt: skip
    return ""


def _faults_of_colours(raw: Mapping[str, Any]) -> Iterator[Fault]:
    colours = {**COLOURS, **{k: v for k, v in (raw.get("colours") or {}).items() if v}}
    unread = [p for p, c in colours.items() if not re.fullmatch(r"#[0-9a-fA-F]{6}", str(c))]
    for part in unread:
        yield Fault(f"colours.{part}", _("A colour reads #rrggbb, such as #0b5d66."))
    if unread or set(colours) - set(COLOURS):
        return
    if contrast(colours["ink"], colours["paper"]) < LEAST_CONTRAST:
        yield Fault("colours.ink", _("This ink is too pale to be read on this paper."))


def _faults_of_societies(
    raw: Mapping[str, Any], societies: Collection[str] | None
) -> Iterator[Fault]:
    order = raw.get("order") or []
    known = societies is None or not set(order) - set(societies)
    if not known or len(set(order)) < len(order):
        yield Fault("order", _("The order names each society once, and no other."))
    for code, signs in (raw.get("signatories") or {}).items():
        if societies is not None and code not in societies:
            yield Fault(f"signatories.{code}", _("This society takes no part."))
        elif not isinstance(signs, Mapping):
            yield Fault(f"signatories.{code}", _("This is not a name."))
        else:
            yield from _faults_of_signatory(code, signs)


def _faults_of_signatory(code: str, signs: Mapping[str, Any]) -> Iterator[Fault]:
    name, office = _line(signs.get("name")), _line(signs.get("office"))
    if len(name) > LONGEST_NAME:
        yield Fault(f"signatories.{code}.name",
                    _("Please keep this to %(max)d characters.", max=LONGEST_NAME))  # fmt: skip
    if len(office) > LONGEST_OFFICE:
        yield Fault(f"signatories.{code}.office",
                    _("Please keep this to %(max)d characters.", max=LONGEST_OFFICE))  # fmt: skip
    if office and not name:
        yield Fault(f"signatories.{code}.name", _("Who holds this office? Give the name too."))
    if name and not office:
        yield Fault(f"signatories.{code}.office", _("In which office does this person sign?"))


def _texts(texts: Mapping[str, Any] | None, code: str) -> dict[str, str]:
    per_language = (texts or {}).get(code) or {}
    return {name: _line(per_language.get(name)) for name in TEXTS}


def _line(text: Any) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split()) if isinstance(text, str) else ""


def _is_whole_number(value: Any) -> bool:
    return isinstance(value, int) or (
        isinstance(value, str) and value.isascii() and value.isdigit()
    )


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
