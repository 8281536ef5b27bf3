"""What someone came for before they had an account, carried out when they arrive.

An intent is a word and a key, such as "enrol:12". It waits in the browser's cookie until sign-in,
and in the sign-up until its letter is answered, so that it also survives a change of browser.
Later rooms say how their intents are carried out:

    @arrival("enrol")
    def enrol(session: Session, key: str, person: Person, at: datetime) -> Arrival: ...
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import flask
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.errors import Refusal

WORTHY = re.compile(r"[a-z][a-z-]{0,30}:[0-9A-Za-z_-]{1,40}", re.ASCII)


@dataclass(frozen=True)
class Arrival:
    """What became of an intent: a sentence for the person, and where to go on."""

    message: str
    url: str | None = None


CarryOut = Callable[[Session, str, Person, datetime], Arrival]
_registry: dict[str, CarryOut] = {}


def arrival(word: str) -> Callable[[CarryOut], CarryOut]:
    """Declare how intents that begin with this word are carried out; a `Refusal` is harmless."""

    def declare(carry: CarryOut) -> CarryOut:
        _registry[word] = carry
        return carry

    return declare


def carry_out(session: Session, intent: str, person: Person, at: datetime) -> Arrival | None:
    """Do what the person came for; None when there is nothing to do.

    A refusal undoes what the intent had begun, and nothing else of the transaction.
    """
    if not intent or not WORTHY.fullmatch(intent):
        return None
    word, key = intent.split(":", 1)
    if word not in _registry:
        return None
    promised = list(session.info.get("after_commit", []))
    try:
        with session.begin_nested():
            return _registry[word](session, key, person, at)
    except Refusal as refusal:
        session.info["after_commit"] = promised
        return Arrival(str(refusal))


def remember_intent(intent: str) -> None:
    """Keep in this browser what its reader came for, until they sign in or sign up."""
    flask.session["intent"] = intent


def intent_here() -> str:
    """What this browser's reader came for; nothing when they just came."""
    return str(flask.session.get("intent", ""))
