"""What a letter leaves open for each reader, and how it is filled in.

Everything is filled in at once: what a value holds is never read again, neither as an opening nor
as Markdown. A name may hold whatever it likes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

OPENINGS = ("name", "title", "when", "link")
_OPENING = re.compile(r"\{([A-Za-z_ ]{1,40})\}")
_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&=:\"'])")


def unknown(text: str) -> list[str]:
    """What stands in braces and is not among the openings, each once."""
    return list(dict.fromkeys(n for n in _OPENING.findall(text) if n not in OPENINGS))


def plain(text: str, values: Mapping[str, str]) -> str:
    """The text with its openings filled in."""
    return _OPENING.sub(lambda found: _told(values, found), text)


def marked(text: str, values: Mapping[str, str]) -> str:
    """Markdown with its openings filled in: values are text, and the link is a link."""

    def fill(found: re.Match[str]) -> str:
        value = _told(values, found)
        if found[1] == "link":
            return f"<{value}>"
        return _MARKS.sub(r"\\\1", value) if found[1] in OPENINGS else value

    return _OPENING.sub(fill, text)


def _told(values: Mapping[str, str], found: re.Match[str]) -> str:
    value = values.get(found[1])
    return found[0] if value is None else " ".join(value.split())
