"""Serials: 130 random bits and two check symbols, in groups that people can read out.

Crockford's base 32 leaves out I, L, O and U; reading accepts lower case, any grouping, and the
letters people mistake for digits.
"""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYMBOLS = 26
CHECKS = 2
MODULUS = 1021
"""The largest prime below 32²: any single wrong symbol and any swap of neighbours is noticed."""
_MISREAD = str.maketrans("ILO", "110")


def new() -> str:
    """A serial nobody can guess: XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX."""
    return written(secrets.randbits(5 * SYMBOLS))


def written(number: int) -> str:
    symbols = _base32(number, SYMBOLS) + _base32(number % MODULUS, CHECKS)
    return "-".join(symbols[i : i + 4] for i in range(0, len(symbols), 4))


def read(text: str) -> str | None:
    """The serial someone typed, in its written form; None when it cannot be one."""
    if len(text) > 100:
        return None
    symbols = "".join(c for c in text.upper().translate(_MISREAD) if c.isalnum())
    if len(symbols) != SYMBOLS + CHECKS or any(c not in ALPHABET for c in symbols):
        return None
    number = 0
    for symbol in symbols[:SYMBOLS]:
        number = number * 32 + ALPHABET.index(symbol)
    serial = written(number)
    return serial if serial.replace("-", "") == symbols else None


def _base32(number: int, length: int) -> str:
    symbols = ""
    for _ in range(length):
        number, rest = divmod(number, 32)
        symbols = ALPHABET[rest] + symbols
    return symbols
