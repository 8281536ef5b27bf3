"""Texts for people, in their language; usable by the domain, with or without a request."""

from __future__ import annotations

from typing import Any

import flask_babel
from flask import has_app_context


def gettext(text: str, **values: Any) -> str:
    """The text in the reader's language, with its values set in."""
    if has_app_context():
        return str(flask_babel.gettext(text, **values))
    return text % values if values else text


def ngettext(singular: str, plural: str, num: int, **values: Any) -> str:
    """The singular or the plural, in the reader's language."""
    if has_app_context():
        return str(flask_babel.ngettext(singular, plural, num, **values))
    return (singular if num == 1 else plural) % {"num": num, **values}
