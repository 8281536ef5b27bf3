"""The pages about signing keys: who reads them, and who acts on which."""

from __future__ import annotations

from typing import Any

from tests.stories.door import (
    AUDITORS,
    EUSOMII_OFFICERS,
    OFFICERS,
    OTTO,
    OUR_OFFICERS,
    PIA,
    THEIR_OFFICERS,
    Door,
    Who,
)

KEY = "/desk/keys/<int:id>"
OVERSEERS, ACTING = OFFICERS | AUDITORS, OFFICERS | PIA


def _read(rule: str, noun: str, ours: Who, theirs: Who) -> Door:
    return Door("GET", rule, OVERSEERS, ours, theirs, {"id": noun})


def _own(methods: str, rule: str, **more: Any) -> Door:
    """What the officers of the society do that has the key."""
    return Door(methods, rule, ACTING, EUSOMII_OFFICERS, THEIR_OFFICERS, **more)


def _shared(methods: str, act: str, noun: str) -> Door:
    """What those who run the platform do with the keys of schemes and with its own."""
    return Door(methods, f"{KEY}/{act}", ACTING, PIA, PIA, {"id": noun})


KEY_DOORS = [
    Door("GET", "/desk/keys", OVERSEERS, OVERSEERS, OVERSEERS),
    *(
        _read(KEY + more, "waiting seal", EUSOMII_OFFICERS | OTTO | PIA, THEIR_OFFICERS | PIA)
        for more in ("", "/certificates.pem", "/request.pem")
    ),
    _read(KEY, "joint key", OUR_OFFICERS | OTTO | PIA, THEIR_OFFICERS | PIA),
    _read(KEY, "log key", OVERSEERS, OVERSEERS),
    *(
        _own("GET POST", f"/desk/keys/new/<code>{way}", nouns={"code": "society"})
        for way in ("", "/token", "/elsewhere")
    ),
    *(
        _own("GET POST", f"{KEY}/{act}", nouns={"id": "seal"})
        for act in ("certificates", "retirement", "compromise")
    ),
    *(
        _own("POST", f"{KEY}/{act}", nouns={"id": noun})
        for act, noun in (("succession", "proof"), ("request", "seal"), ("force", "waiting seal"),
                          ("confirmation", "seal"))
    ),
    Door("POST", "/desk/credentials/in-doubt/<int:key_id>", OFFICERS, EUSOMII_OFFICERS,
         THEIR_OFFICERS, {"key_id": "seal"}),
    _shared("POST", "succession", "log key"),
    _shared("POST", "succession", "joint key"),
    _shared("GET POST", "compromise", "joint key"),
]  # fmt: skip
"""Of the room of signing keys."""
