"""The pages of designs and marks: the officers of those who award, and of the society itself."""

from __future__ import annotations

from typing import Any

from tests.stories.door import (
    EUSOMII_OFFICERS,
    OFFICERS,
    THEIR_OFFICERS,
    Door,
    keys,
    public,
    scheme,
)

OWNER = "/desk/designs/<any(schemes, societies):kind>/<code>"
OF_SCHEME = {"code": "scheme", "kind": "of schemes"}
OF_SOCIETY = {"code": "society", "kind": "of societies"}
VERSION = "/desk/designs/versions/<int:id>"


def _society(methods: str, rule: str, **more: Any) -> Door:
    """What the officers of the leading society do for it."""
    return Door(methods, rule, OFFICERS, EUSOMII_OFFICERS, THEIR_OFFICERS, **more)


DESIGN_DOORS = [
    Door("GET", "/desk/designs", OFFICERS, OFFICERS, OFFICERS),
    Door("GET", "/desk/designs/sheets/<sheet>.png", OFFICERS, OFFICERS, OFFICERS,
         {"sheet": "sheet"}),
    keys("GET POST", OWNER, nouns=OF_SCHEME),
    _society("GET POST", OWNER, nouns=OF_SOCIETY),
    keys("POST", f"{OWNER}/preview", nouns=OF_SCHEME),
    keys("POST", f"{OWNER}/preview.pdf", nouns=OF_SCHEME),
    keys("GET POST", f"{OWNER}/publication", nouns=OF_SCHEME),
    keys("GET", VERSION, nouns={"id": "design version"}),
    *(keys("GET", VERSION + ending, nouns={"id": "design version"}) for ending in (".png", ".pdf")),
    _society("GET POST", "/desk/societies/<code>/mark", nouns={"code": "society"}),
    public("GET", "/marks/<digest>", nouns={"digest": "mark"}),
    scheme(
        "GET POST",
        "/desk/schemes/<code>/editions/<int:id>/annex",
        nouns={"code": "scheme", "id": "edition"},
    ),
]  # fmt: skip
