"""Lengths of time as a report writes them: `01:42:24`, `1h 42m 24s`, `1 godz. 42 min`, `102`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

CLOCK = re.compile(r"(\d{1,4}):(\d\d):(\d\d)", re.A)
NUMBER = re.compile(r"\d{1,7}(?:[.,]\d{1,3})?", re.A)
PART = re.compile(r"(\d{1,6})\s*([^\W\d_]+)\.?[\s,]*")


@dataclass(frozen=True)
class Units:
    """The words that stand for hours, minutes and seconds."""

    hours: frozenset[str] = frozenset(
        {"h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden"}
    )
    minutes: frozenset[str] = frozenset(["m", "min", "mins", "minute", "minutes", "minuten"])
    seconds: frozenset[str] = frozenset(
        {"s", "sec", "secs", "second", "seconds", "sek", "sekunden"}
    )

    def extended(
        self, hours: Iterable[str], minutes: Iterable[str], seconds: Iterable[str]
    ) -> "Units":
        """These units and further words for them; a word given here counts before one known."""
        ours = [{word(one) for one in words} - {""} for words in (hours, minutes, seconds)]
        every = set().union(*ours)
        known = (self.hours, self.minutes, self.seconds)
        return Units(*(frozenset((k - every) | o) for k, o in zip(known, ours, strict=True)))


UNITS = Units()


def word(text: str) -> str:
    """A unit as it is compared: small letters, without its full stop."""
    return text.strip().rstrip(".").casefold()


def seconds_of(text: str, units: Units = UNITS, *, number_is: int = 60) -> int | None:
    """The seconds that a text stands for; None when it is no length of time.

    A bare number counts in units of `number_is` seconds: minutes, as all providers mean it.
    """
    plain = " ".join(text.casefold().split())
    if match := CLOCK.fullmatch(plain):
        hours, minutes, seconds = map(int, match.groups())
        return hours * 3600 + minutes * 60 + seconds if minutes < 60 > seconds else None
    if NUMBER.fullmatch(plain):
        return int(float(plain.replace(",", ".")) * number_is)
    return _with_words(plain, units)


def _with_words(text: str, units: Units) -> int | None:
    total, place = 0, 0
    while place < len(text):
        part = PART.match(text, place)
        size = part and _size(word(part[2]), units)
        if not part or not size:
            return None
        total += int(part[1]) * size
        place = part.end()
    return total if place else None


def _size(unit: str, units: Units) -> int | None:
    for words, size in ((units.hours, 3600), (units.minutes, 60), (units.seconds, 1)):
        if unit in words:
            return size
    return None
