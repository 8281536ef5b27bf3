"""Credentials for machines are open to everyone; endorsements to the officers who give them."""

from __future__ import annotations

from tests.stories.door import (
    EUSOMII_OFFICERS,
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


BADGE_DOORS = [
    public("GET", "/schemes/<code>/did.json", nouns={"code": "scheme"}),
    public("GET", "/societies/<code>/did.json", nouns={"code": "society"}),
    public("GET", "/schemes/<code>/status/<purpose>/<int:number>",
           nouns={"code": "scheme", "purpose": "purpose", "number": "list"}),
    public("GET", "/schemes/<code>/endorsements/<int:id>",
           nouns={"code": "endorsed scheme", "id": "endorsement"}),
    public("GET", "/schemes/<code>/badge.<form>", nouns={"code": "scheme", "form": "form"}),
    public("GET", V + "/credential.json", nouns={"serial": "diploma"}),
    public("GET", V + "/credential.jwt", nouns={"serial": "diploma"}),
    public("GET", V + "/badge.<form>", nouns={"serial": "diploma", "form": "form"}),
    own("GET", "/my/certificates/<serial>/europass.json", nouns={"serial": "diploma"}),
    Door("GET", DESK, OFFICERS, OFFICERS, OFFICERS),
    _endorsing("GET POST", DESK + "/editions/<int:id>", "endorsed edition"),
    _endorsing("GET POST", DESK + "/<int:id>/withdrawal", "endorsement"),
]  # fmt: skip
