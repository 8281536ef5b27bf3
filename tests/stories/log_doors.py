"""The log, which everybody reads and officers sign, and rechecks, which auditors watch."""

from __future__ import annotations

from tests.stories.door import (
    AUDITORS,
    EUSOMII_OFFICERS,
    OFFICERS,
    THEIR_OFFICERS,
    Door,
    platform,
    public,
)

HEAD = {"size": "head"}
SIGNED = "/desk/log/<int:size>"

LOG_DOORS = [
    public("GET", "/log"),
    public("GET", "/log/head"),
    public("GET", "/log/heads/<int:size>", nouns=HEAD),
    public("GET", "/log/heads/<int:size>/growth", nouns=HEAD),
    public("GET", "/log/entries"),
    public("GET", "/log/consistency"),
    public("GET", "/log/proof/<serial>", nouns={"serial": "diploma"}),
    Door("GET", "/desk/log", OFFICERS, OFFICERS, OFFICERS),
    Door("POST", f"{SIGNED}/countersignature", OFFICERS, EUSOMII_OFFICERS, THEIR_OFFICERS, HEAD,
         {"society": "society_id"}),
    Door("GET POST", f"{SIGNED}/signature", OFFICERS, OFFICERS, OFFICERS, HEAD),
    Door("GET", f"{SIGNED}/text", OFFICERS, OFFICERS, OFFICERS, HEAD),
    Door("GET", "/desk/rechecks", AUDITORS, AUDITORS, AUDITORS),
    Door("POST", "/desk/rechecks/rounds", AUDITORS, AUDITORS, AUDITORS),
    platform("GET POST", "/desk/rechecks/findings/<int:id>/settlement", nouns={"id": "finding"}),
]  # fmt: skip
