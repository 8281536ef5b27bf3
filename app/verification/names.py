"""Whether a name that a visitor was given is the holder's."""

from __future__ import annotations

import unicodedata


def same(given: str, printed: str) -> bool:
    """Equal but for case, accents, punctuation and the order of the words."""
    return bool(_words(given)) and _words(given) == _words(printed)


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(c if c.isalnum() else "" if unicodedata.combining(c) else " " for c in plain)
    return sorted(kept.split())
