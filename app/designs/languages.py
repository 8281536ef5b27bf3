"""The sheets' own translations: a credential is read in its language, whoever looks at it.

The catalogues lie beside this file as text and are compiled when they are first asked for.
"""

import io
from collections.abc import Sequence
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).with_name("translations")
RIGHT_TO_LEFT = frozenset(("ar", "he", "fa", "ur", "yi"))


@lru_cache(maxsize=1)
def translated() -> tuple[str, ...]:
    """The languages besides English that the sheets' own words are translated into."""
    return tuple(sorted(one.parents[1].name for one in FOLDER.glob("*/LC_MESSAGES/sheets.po")))


def untranslated(languages: Sequence[str]) -> str:
    """The second language of a sheet, when its own words stay English in it; or nothing."""
    return next((code for code in languages[1:] if locale(code).language not in translated()), "")


@lru_cache(maxsize=64)
def catalogue(language: str) -> NullTranslations:
    """The texts in a language; where we have none, they stay English."""
    source = FOLDER / locale(language).language / "LC_MESSAGES" / "sheets.po"
    if not source.exists():
        return NullTranslations()
    with source.open("rb") as text:
        messages = read_po(text, domain="sheets", abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return GNUTranslations(compiled)


@lru_cache(maxsize=64)
def locale(language: str) -> Locale:
    try:
        found = Locale.parse(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        found = Locale("en")
    return Locale("en", "GB") if found.language == "en" else found


def own_name(language: str) -> str:
    """What a language calls itself."""
    found = locale(language)
    return str(found.languages.get(found.language, language))


def direction(language: str) -> str:
    return "rtl" if locale(language).language in RIGHT_TO_LEFT else "ltr"
