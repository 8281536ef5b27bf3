"""What a script needs: its direction, its size beside our Latin, its room between lines."""

import unicodedata

RIGHT_TO_LEFT = ("R", "AL")
# Scripts fill their em differently: what looks as large as our Latin is not as many points.
OPTICAL_SCALE = {
    **dict.fromkeys(("cjk", "hiragana", "katakana", "hangul"), 0.9),
    "arabic": 1.2,
    "hebrew": 0.94,
    "devanagari": 0.92,
}
LEADING = {"arabic": 1.5, "devanagari": 1.36, "thai": 1.4}


def script(text: str) -> str:
    """The script of the first letter, in one word."""
    letter = next((c for c in text if c.isalpha()), "A")
    return unicodedata.name(letter, "LATIN").split()[0].split("-")[0].lower()


def scale(text: str) -> float:
    return OPTICAL_SCALE.get(script(text), 1.0)


def leading(text: str) -> float:
    """Points from line to line for a point of size, where a script needs more than Latin."""
    return LEADING.get(script(text), 1.0)


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
