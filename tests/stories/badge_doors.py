"""What machines read is open to everyone, a credential without its key to its holder alone;
endorsements are for the officers who give them."""

from __future__ import annotations

from tests.stories.door import (
    ANA,
    BEN,
    EUSOMII_OFFICERS,
    EVERYONE,
    OFFICERS,
    THEIR_OFFICERS,
    Door,
    own,
    public,
)

V = "/v/<serial>"
DESK = "/desk/endorsements"


def _endorsing(methods: str, rule: str, noun: str) -> Door:
    """The officers of the society that endorses, nobody of those that award."""
    return Door(methods, rule, OFFICERS, EUSOMII_OFFICERS, THEIR_OFFICERS, {"id": noun})


def _held(rule: str, **nouns: str) -> Door:
    """The credential of a diploma: whoever has no key finds it only when it is their own."""
    return Door("GET", V + rule, EVERYONE, ANA, BEN, {"serial": "diploma", **nouns})


BADGE_DOORS = [
    public("GET", "/schemes/<code>/did.json", nouns={"code": "scheme"}),
    public("GET", "/societies/<code>/did.json", nouns={"code": "society"}),
    public("GET", "/schemes/<code>/status/<purpose>/<int:number>",
           nouns={"code": "scheme", "purpose": "purpose", "number": "list"}),
    public("GET", "/schemes/<code>/endorsements/<int:id>",
           nouns={"code": "endorsed scheme", "id": "endorsement"}),
    public("GET", "/schemes/<code>/badge.<form>", nouns={"code": "scheme", "form": "form"}),
    _held("/credential.json"),
    _held("/credential.jwt"),
    _held("/badge.<form>", form="form"),
    own("GET", "/my/certificates/<serial>/europass.json", nouns={"serial": "diploma"}),
    Door("GET", DESK, OFFICERS, OFFICERS, OFFICERS),
    _endorsing("GET POST", DESK + "/editions/<int:id>", "endorsed edition"),
    _endorsing("GET POST", DESK + "/<int:id>/withdrawal", "endorsement"),
]  # fmt: skip
