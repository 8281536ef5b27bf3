"""Texts for people, in their language; usable by the domain, with or without a request."""

from __future__ import annotations

from gettext import NullTranslations
from typing import Any, cast

from flask import g, has_app_context
from flask_babel import get_translations

_SOURCE = NullTranslations()


def gettext(text: str, **values: Any) -> str:
    """The text in the reader's language, with its values set in."""
    told = catalogue().gettext(text)
    return told % values if values else told


def ngettext(singular: str, plural: str, num: int, **values: Any) -> str:
    """The singular or the plural, in the reader's language."""
    return catalogue().ngettext(singular, plural, num) % {"num": num, **values}


def catalogue() -> NullTranslations:
    """The translations into the reader's language, looked up once in a request."""
    if not has_app_context():
        return _SOURCE
    found = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_translations()
    return cast(NullTranslations, found)
