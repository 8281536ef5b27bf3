"""What differs between two designs, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from babel.lists import format_list

from app.designs import languages
from app.designs.catalogue import SHEETS
from app.locale import language_in
from app.texts import gettext as _


@dataclass(frozen=True)
class Difference:
    """One choice that changes: what it is about, what it was and what it will be."""

    about: str
    before: str
    after: str


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], shorts: Mapping[str, str]
) -> list[Difference]:
    """Every choice that is not the same; `shorts` are the short names of societies by code."""
    was, will = dict(_told(before, shorts)), dict(_told(after, shorts))
    return [
        Difference(about, was.get(about, ""), will.get(about, ""))
        for about in dict.fromkeys([*will, *was])
        if was.get(about, "") != will.get(about, "")
    ]


def told(choices: Mapping[str, Any], shorts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Every choice that says something, in words."""
    return [(about, text) for about, text in _told(choices, shorts) if text]


def translated_into() -> str:
    """Which languages the sheets' own words are translated into, for whoever chooses one."""
    return _(
        "Our own words on the sheet are translated into %(languages)s. In any other language they "
        "stay English and the dates do not; you may give the texts below in it.",
        languages=_translated(),
    )


def staying_english(choices: Mapping[str, Any]) -> str:
    """What to know before publishing a second language that we have no translation for."""
    code = languages.untranslated(choices["languages"])
    if not code:
        return ""
    return _(
        "We have no %(language)s translation of the sheet's own words, such as “decided on” or "
        "“endorsed by”: they stay English, beside dates in %(language)s and the texts that you "
        "give. They are translated into %(languages)s.",
        language=language_in(code, "en"),
        languages=_translated(),
    )


def _translated() -> str:
    names = sorted(language_in(code, "en") for code in languages.translated())
    return str(format_list(names, locale="en_GB"))


def _told(choices: Mapping[str, Any], shorts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield _("Sheet"), SHEETS[choices["sheet"]].name
    yield _("Background"), background_names().get(choices["background"], choices["background"])
    yield _("Margin"), _("%(mm)d mm", mm=choices["margin"])
    for part, name in colour_names().items():
        yield name, choices["colours"][part]
    yield _("Languages"), ", ".join(language_in(code, "en") for code in choices["languages"])
    if len(choices["languages"]) > 1:
        yield _("Second language"), second_names()[choices["second"]]
    for code, texts in choices["texts"].items():
        for name, text in texts.items():
            yield f"{text_names()[name]} ({code})", text
    yield _("Order"), ", ".join(shorts.get(code, code) for code in choices["order"])
    for code, signs in choices["signatories"].items():
        about = _("Signs for %(society)s", society=shorts.get(code, code))
        yield about, f"{signs['name']}, {signs['office']}"
    yield _("Supplement"), _("with a supplement") if choices["supplement"] else _("without one")


def background_names() -> dict[str, str]:
    return {
        "rosette": _("Rosette"),
        "lines": _("Fine lines"),
        "globe": _("Globe"),
        "plain": _("Plain paper"),
    }


def colour_names() -> dict[str, str]:
    return {
        "ornament": _("Colour of the ornament"),
        "ink": _("Colour of the text"),
        "paper": _("Colour of the paper"),
    }


def second_names() -> dict[str, str]:
    return {
        "same sheet": _("Both languages on the same sheet"),
        "copy": _("A copy in the second language, with the same number"),
    }


def text_names() -> dict[str, str]:
    return {
        "title": _("Title"),
        "lead": _("Before the name"),
        "citation": _("After the name"),
        "note": _("Note at the foot"),
    }
