"""Passwords: what stands against one, and how one is kept.

Length counts, composition rules do not (NIST SP 800-63B rev. 4, §3.1.1; OWASP ASVS 5.0, 6.2). Kept
is an argon2id digest. A password is compared in its NFKC form, so that it does not matter on which
keyboard it was typed.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.texts import gettext as _

SHORTEST, LONGEST = 12, 128
GUESSES = 1e9
"""How many guesses a password must stand; zxcvbn's estimate."""
WEIGHED = 72
"""zxcvbn's work grows faster than its input, so it sees no more than this."""
OWN_LEFT = 8
"""Letters and digits that remain of a password when its person's own words are taken out."""
UNUSABLE = "!"
"""Kept instead of a digest for someone who has yet to choose a password; nothing opens it."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_places = threading.BoundedSemaphore(4)


def obstacles(password: str, own_words: Iterable[str] = ()) -> list[str]:
    """Every reason why this is not a good password for this person; none means it is one."""
    password = _normal(password)
    if len(password) < SHORTEST:
        return [_("Please use at least %(least)s characters.", least=SHORTEST)]
    if len(password) > LONGEST:
        return [_("Please keep this to %(most)s characters.", most=LONGEST)]
    own = _words(own_words)
    found = []
    if _guesses(password, own) < GUESSES:
        found.append(
            _("This one is among the first to be guessed. A few unrelated words are safer.")
        )
    elif _without(password, own) < OWN_LEFT:
        found.append(_("This is made of your own name or address. Please use other words."))
    return found


def digest(password: str) -> str:
    """The password as it is kept. Takes a while: never while a transaction is open."""
    with _places:
        return _hasher.hash(_normal(password))


def verify(kept: str | None, password: str) -> bool:
    """Whether this is the password that is kept; as much work where nothing is kept.

    Takes a while: never while a transaction is open.
    """
    usable = kept if kept and kept != UNUSABLE else None
    nobody = _nobody()
    with _places:
        try:
            return _hasher.verify(usable or nobody, _normal(password)[: LONGEST * 4]) and bool(
                usable
            )
        except (VerificationError, InvalidHashError):
            return False


def is_dated(kept: str) -> bool:
    """Whether the digest was made with other costs than today's and should be made anew."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobody() -> str:
    """A digest that stands in where there is none, so that the answer takes as long."""
    return _hasher.hash("nobody's password")


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _words(texts: Iterable[str]) -> list[str]:
    """The words of at least three letters in a name or an address."""
    return sorted(
        {w for text in texts for w in re.split(r"[\W_]+", _normal(text).lower()) if len(w) > 2},
        key=len,
        reverse=True,
    )


def _guesses(password: str, own: list[str]) -> float:
    from zxcvbn import zxcvbn  # its lists of words are long, and few requests weigh a password

    return float(zxcvbn(password[:WEIGHED], user_inputs=[*own], max_length=WEIGHED)["guesses"])


def _without(password: str, own: list[str]) -> int:
    rest = password.lower()
    for word in own:
        rest = rest.replace(word, "")
    return sum(c.isalnum() for c in rest) if len(rest) < len(password) else len(password)
