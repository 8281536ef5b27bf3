"""The face of a credential: from its snapshot to the HTML that the press prints.

The snapshot is the only input. What the societies and the holder wrote is text and stays text:
the templates are ours, everything is escaped, marks are pictures without a way out.
"""

import base64
import re
import struct
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from gettext import NullTranslations
from itertools import groupby
from pathlib import Path
from typing import Any

import segno
from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app import typefaces
from app.designs import balance, ornament
from app.designs.fitting import Rule, Setting, fit
from app.pdf import Unprintable
from app.societies import wordmark

TEMPLATES = Path(__file__).parents[2] / "templates" / "sheets"
Snapshot = Mapping[str, Any]
Gettext = Callable[[str], str]

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
        (
            Rule(1, (36, 34, 32, 30, 28, 26, 24)),
            Rule(2, (30, 28, 26, 24, 22)),
            Rule(3, (20, 17), True),
        ),
    ),
    "certificate": (
        160.0,
        (Rule(1, (32, 30, 28, 26, 24, 22)), Rule(2, (26, 24, 22, 20)), Rule(3, (19, 17, 15), True)),
    ),
}
NO_ACTIVITY: dict[str, Any] = dict.fromkeys(("kind", "held", "speakers", "language"), "")
NO_ACTIVITY |= dict.fromkeys(("minutes_present", "minutes", "score", "threshold"))
UNTRANSLATED = NullTranslations()
NO_PICTURES: Mapping[str, bytes] = {}
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


def page(
    snapshot: Snapshot,
    translations: NullTranslations | None = None,
    *,
    pictures: Mapping[str, bytes] = NO_PICTURES,
) -> str:
    """The HTML of a sheet, complete in itself: style, marks, QR code and the stock beneath it.

    `pictures` holds the PNG of every mark that the snapshot names by its digest.
    """
    if missing := unprintable(snapshot):
        raise Unprintable(" ".join(explain(missing)))
    form = "diploma" if snapshot["kind"] == "diploma" else "certificate"
    environment = _environment(translations or UNTRANSLATED)
    locale = _locale(snapshot["language"])
    societies = [_society(society, pictures) for society in snapshot["awarding"]]
    title = _setting(snapshot["title"], *TITLE[form])
    name = _setting(snapshot["holder"]["name"], *NAME[form])
    return environment.get_template(f"{form}.html").render(
        sheet=snapshot,
        activity=NO_ACTIVITY | (snapshot["activity"] or {}),
        title=title,
        name=name,
        middle=balance.middle(snapshot, title, name, _script(snapshot["holder"]["name"]), form),
        name_script=_script(snapshot["holder"]["name"]),
        marks=balance.marks(societies, form),
        signs=balance.signatures(societies, form),
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


def _script(text: str) -> str:
    letter = next((c for c in text if c.isalpha()), "A")
    return unicodedata.name(letter, "LATIN").split()[0].split("-")[0].lower()


def mark_digests(snapshot: Snapshot) -> list[str]:
    """The digests of the pictures that a sheet of this snapshot needs."""
    named = (society.get("mark_digest") for society in snapshot["awarding"])
    return list(dict.fromkeys(digest for digest in named if digest))


def _society(society: Mapping[str, Any], pictures: Mapping[str, bytes]) -> dict[str, Any]:
    digest = society.get("mark_digest")
    if digest and digest not in pictures:
        raise Unprintable(f"The mark of {society['short']} is not at hand.")
    svg = society.get("mark") or wordmark.mark(society["short"], society["colour"])
    return {
        "short": society["short"],
        "name": society["name"],
        "role": society.get("role"),
        "signatory": society.get("signatory"),
        "mark": _raster(pictures[digest]) if digest else _picture(svg),
        "shape": _raster_shape(pictures[digest]) if digest else _shape(svg),
    }


def _raster(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()


def _raster_shape(png: bytes) -> float:
    """Width by height, as the header of a PNG says."""
    width, height = struct.unpack(">II", png[16:24])
    return _within(width / max(height, 1))


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
        return _within(width / height)
    except (ValueError, ZeroDivisionError):
        return 1.0


def _within(shape: float) -> float:
    return min(max(shape, 0.2), 8.0)


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
    return _data(ornament.code(runs, len(matrix), balance.QR_CODE[form], balance.PAGE[form]))


def _data(operators: bytes) -> str:
    return "data:application/pdf;base64," + base64.b64encode(operators).decode()


@lru_cache(maxsize=2)
def _stock(form: str) -> str:
    return _data(ornament.diploma() if form == "diploma" else ornament.certificate())
