"""The face of a credential: from its snapshot to the HTML that the press prints.

The snapshot is the only input. What the societies and the holder wrote is text and stays text:
the templates are ours, everything is escaped, marks are pictures without a way out.
"""

import base64
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from gettext import NullTranslations
from itertools import groupby
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

import segno
from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app import typefaces
from app.credentials import ornament
from app.credentials.fitting import POINT, Rule, Setting, advance, fit
from app.pdf import Unprintable
from app.societies import wordmark

TEMPLATES = Path(__file__).parents[2] / "templates" / "sheets"
Snapshot = Mapping[str, Any]
Gettext = Callable[[str], str]


class Row(NamedTuple):
    """A row of things side by side: its width, height and widest gap in millimetres."""

    width: float
    height: float
    gap: float
    most: int = 6


TITLE = {
    "diploma": (
        230.0,
        (Rule(1, (38, 36, 34, 32, 30, 28)), Rule(2, (30, 28, 26, 24, 22)), Rule(3, (21, 19, 17))),
    ),
    "certificate": (
        160.0,
        (Rule(1, (22, 20)), Rule(2, (20, 18)), Rule(3, (17, 15)), Rule(4, (14, 12))),
    ),
}
NAME = {
    "diploma": (
        225.0,
        (Rule(1, (36, 34, 32, 30, 28, 26, 24)), Rule(2, (30, 28, 26, 24, 22)), Rule(3, (20, 17), True)),
    ),
    "certificate": (
        160.0,
        (Rule(1, (32, 30, 28, 26, 24, 22)), Rule(2, (26, 24, 22, 20)), Rule(3, (19, 17, 15), True)),
    ),
}
PAGE = {"diploma": (297.0, 210.0), "certificate": (210.0, 297.0)}
QR_CODE = {"diploma": (138.5, 169.4, 20.0), "certificate": (94.5, 251.0, 21.0)}
MARKS = {"diploma": Row(237.0, 19.0, 14.0), "certificate": Row(150.0, 17.0, 12.0)}
MIDDLE = {"diploma": (205.0, 89.0), "certificate": (146.0, 140.0)}
SIGNATURES = {"diploma": Row(249.0, 30.0, 15.0), "certificate": Row(158.0, 25.0, 13.0, most=3)}
UNTRANSLATED = NullTranslations()
# Scripts fill their em differently: what looks as large as our Latin is not as many points.
OPTICAL_SCALE = {
    **dict.fromkeys(("cjk", "hiragana", "katakana", "hangul"), 0.9),
    "arabic": 1.2,
    "hebrew": 0.94,
    "devanagari": 0.92,
}
RIGHT_TO_LEFT = ("R", "AL")


@dataclass(frozen=True)
class Missing:
    """A character that none of our typefaces holds."""

    character: str

    @property
    def name(self) -> str:
        return unicodedata.name(self.character, f"U+{ord(self.character):04X}")


def unprintable(snapshot: Snapshot) -> list[str]:
    """The characters of a snapshot that no shipped face can print, in order of appearance."""
    found: dict[str, None] = {}
    for text in _texts(snapshot):
        for character in unicodedata.normalize("NFC", text):
            if not _is_silent(character) and not typefaces.hold(character):
                found[character] = None
    return list(found)


def explain(characters: list[str], gettext: Gettext = str) -> list[str]:
    """One sentence for each character that cannot be printed."""
    sentence = gettext(
        "The character “%(character)s” (%(name)s) is in none of our typefaces; "
        "please write it in another way."
    )
    return [
        sentence % {"character": missing.character, "name": missing.name}
        for missing in map(Missing, characters)
    ]


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for key, value in part.items():
            if key != "mark":
                yield from _texts(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _texts(value)


def _is_silent(character: str) -> bool:
    """Joiners, directional marks and variation selectors shape their neighbours, unseen."""
    point = ord(character)
    return (
        unicodedata.category(character) == "Cf"
        or 0xFE00 <= point <= 0xFE0F
        or 0xE0100 <= point <= 0xE01EF
    )


def page(snapshot: Snapshot, translations: NullTranslations | None = None) -> str:
    """The HTML of a sheet, complete in itself: style, marks, QR code and the stock beneath it."""
    if missing := unprintable(snapshot):
        raise Unprintable(" ".join(explain(missing)))
    form = "diploma" if snapshot["kind"] == "diploma" else "certificate"
    environment = _environment(translations or UNTRANSLATED)
    locale = _locale(snapshot["language"])
    societies = [_society(society) for society in snapshot["awarding"]]
    title = _setting(snapshot["title"], *TITLE[form])
    name = _setting(snapshot["holder"]["name"], *NAME[form])
    return environment.get_template(f"{form}.html").render(
        sheet=snapshot,
        title=title,
        name=name,
        middle=_middle(snapshot, title, name, form),
        name_script=_script(snapshot["holder"]["name"]),
        marks=_marks(societies, form),
        signs=_signatures(societies, form),
        written=lambda day: format_date(date.fromisoformat(day), "long", locale=locale),
        listed=lambda names: format_list(list(names), style="standard", locale=locale),
        prints=[_stock(form), _qr(snapshot["verify_url"], form)],
    )


@lru_cache(maxsize=8)
def _environment(translations: NullTranslations) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    environment.filters["isolated"] = isolated
    environment.filters["direction"] = direction
    environment.filters["plain_address"] = lambda url: re.sub(r"^https?://", "", url)
    return environment


def _locale(language: str) -> Locale:
    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        locale = Locale("en")
    return Locale("en", "GB") if locale.language == "en" else locale


def direction(text: str) -> str:
    """The way a text runs: that of its first letter with a direction of its own."""
    for character in text:
        way = unicodedata.bidirectional(character)
        if way in RIGHT_TO_LEFT:
            return "rtl"
        if way == "L":
            return "ltr"
    return "ltr"


def isolated(text: str) -> str:
    """A text within a sentence, fenced off when its direction could disturb the neighbours."""
    if any(unicodedata.bidirectional(character) in RIGHT_TO_LEFT for character in text):
        return f"\u2068{text}\u2069"
    return text


def _setting(text: str, measure: float, rules: tuple[Rule, ...]) -> Setting:
    setting = fit(text, rules, measure=measure, scale=OPTICAL_SCALE.get(_script(text), 1.0))
    if setting is None:
        short = text if len(text) <= 60 else text[:60] + "…"
        raise Unprintable(f"“{short}” is too long for the place it has on the sheet.")
    return setting


def _middle(snapshot: Snapshot, title: Setting, name: Setting, form: str) -> dict[str, float]:
    """Lengths (mm) that bring the middle part into balance: the space above it, so that it stands
    in the middle of its room, and measures that leave no lonely word on a last line."""
    measure, room = MIDDLE[form]
    organisers = sum(advance(society["name"]) + 2.5 for society in snapshot["awarding"]) + 8
    requirements = sum(advance(one) + 1.2 for one in snapshot["requirements"])
    lead_lines, lead = _evened(organisers * 13.5 * POINT * 0.9, measure)
    requirement_lines, list_measure = _evened(requirements * 11.5 * POINT * 0.9, measure)
    lines = (
        (len(title.lines), title.size, 1.08),
        (lead_lines, 13.5, 1.26),
        (len(name.lines), name.size, 1.14),
        (1, 12.5, 1.32),
        (requirement_lines, 11.5, 1.28),
        (1, 12.5, 1.32),
    )
    height = sum(number * size * leading * POINT for number, size, leading in lines) + 14.2
    above = max(0.0, (room - height) / 2)
    return {"above": above, "lead": lead, "list": list_measure}


def _evened(length: float, measure: float) -> tuple[int, float]:
    """How many lines a text of this length takes, and the measure that makes them alike."""
    lines = max(1, ceil(length * 1.04 / measure))
    return lines, measure if lines == 1 else min(measure, length / lines + 14)


def _script(text: str) -> str:
    letter = next((c for c in text if c.isalpha()), "A")
    return unicodedata.name(letter, "LATIN").split()[0].split("-")[0].lower()


def _society(society: Mapping[str, Any]) -> dict[str, Any]:
    svg = society.get("mark") or wordmark.mark(society["short"], society["colour"])
    return {
        "short": society["short"],
        "name": society["name"],
        "role": society.get("role"),
        "signatory": society.get("signatory"),
        "mark": _picture(svg),
        "shape": _shape(svg),
    }


def _picture(svg: str) -> str:
    """A mark as a picture: an image cannot reach into the page, whatever it was drawn with."""
    if "xmlns=" not in svg[:2000]:
        svg = svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _shape(svg: str) -> float:
    """Width by height of a drawing."""
    head = svg[: svg.find(">") + 1]
    number = r"([\d.]+)"
    box = re.search(rf'viewBox\s*=\s*["\'][-\d.]+[\s,]+[-\d.]+[\s,]+{number}[\s,]+{number}', head)
    size = box or re.search(rf'width\s*=\s*["\']{number}.*?height\s*=\s*["\']{number}', head, re.S)
    try:
        width, height = (float(size[1]), float(size[2])) if size else (1.0, 1.0)
        return min(max(width / height, 0.2), 8.0)
    except (ValueError, ZeroDivisionError):
        return 1.0


def _marks(societies: list[dict[str, Any]], form: str) -> list[dict[str, Any]]:
    """Marks of equal area, side by side about the sheet's axis; lengths in millimetres."""
    place = MARKS[form]
    gap = max(place.gap - len(societies), 5.0)
    roots = [society["shape"] ** 0.5 for society in societies]
    unit = (place.width - gap * (len(roots) - 1)) / sum(roots)
    unit = min(unit, place.height, *(place.height * root for root in roots))
    left = (place.width - unit * sum(roots) - gap * (len(roots) - 1)) / 2
    marks = []
    for society, root in zip(societies, roots, strict=True):
        width, height = unit * root, unit / root
        top = (place.height - height) / 2
        marks.append(society | {"left": left, "top": top, "width": width, "height": height})
        left += width + gap
    return marks


def _signatures(societies: list[dict[str, Any]], form: str) -> list[dict[str, Any]]:
    """Signature blocks in the agreed order: rows of at most so many, each about the axis."""
    place = SIGNATURES[form]
    rows = -(-len(societies) // place.most)
    across = -(-len(societies) // rows)
    gap = max(place.gap - across, 4.0)
    width = min(64.0, (place.width - gap * (across - 1)) / across)
    lowered = place.height / 2 if rows == 1 and place.most == 3 else 0.0
    blocks = []
    for number, society in enumerate(societies):
        row, column = divmod(number, across)
        here = min(across, len(societies) - row * across)
        start = (place.width - here * width - (here - 1) * gap) / 2
        left, top = start + column * (width + gap), row * place.height + lowered
        blocks.append(society | {"left": left, "top": top, "width": width})
    return blocks


@lru_cache(maxsize=64)
def _qr(address: str, form: str) -> str:
    """The code as page operators: a run of dark modules is one rectangle."""
    matrix = segno.make(address, error="q", micro=False).matrix
    runs = []
    for y, row in enumerate(matrix):
        for dark, cells in groupby(enumerate(row), key=lambda cell: cell[1]):
            if dark:
                places = [x for x, _ in cells]
                runs.append((places[0], y, len(places)))
    return _data(ornament.code(runs, len(matrix), QR_CODE[form], PAGE[form]))


def _data(operators: bytes) -> str:
    return "data:application/pdf;base64," + base64.b64encode(operators).decode()


@lru_cache(maxsize=2)
def _stock(form: str) -> str:
    return _data(ornament.diploma() if form == "diploma" else ornament.certificate())
