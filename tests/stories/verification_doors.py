"""The doors of verification: what everybody asks, what programs ask with a key, and the keys."""

from __future__ import annotations

from tests.stories.door import EVERYONE, NOBODY, PIA, Door, own, personal, public

API = "/api/v1/verify"
KNOWN = {"serial": "diploma"}


def _with_key(rule: str) -> Door:
    """What a program asks: a person's sign-in opens nothing here, a key does."""
    return Door("POST", rule, EVERYONE, NOBODY, NOBODY, beyond=401, bears_token=False)


VERIFICATION_DOORS = [
    public("GET POST", "/verify"),
    public("POST", "/verify/file"),
    *(
        public("GET", "/v/<serial>" + more, nouns=KNOWN)
        for more in ("", "/widget", "/mark.svg", "/embed")
    ),
    public("GET", "/v/<serial>", nouns={"serial": "certificate"}),
    public("GET POST", "/v/<serial>/name", nouns={"serial": "certificate"}),
    public("GET", "/verify/frame/<code>", nouns={"code": "society"}),
    public("GET", "/verify/embed/<code>", nouns={"code": "society"}),
    public("GET", "/verify/by-other-means"),
    public("GET", "/trust.json"),
    personal("GET POST", "/verify/many"),
    public("GET", API + "/<serial>", nouns=KNOWN),
    _with_key(API + "/file"),
    _with_key(API + "/many"),
    personal("GET POST", "/my/api-keys"),
    own("POST", "/my/api-keys/<int:id>/withdrawal", nouns={"id": "api key"}),
    Door("GET", "/desk/api-keys", PIA, PIA, PIA),
    Door("POST", "/desk/api-keys/<int:id>/withdrawal", PIA, PIA, PIA, {"id": "api key"}),
]
"""Of the room of verification."""
