"""The link in a letter that ends all reminders: it is signed, and kept nowhere."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer

from app.db import LARGEST_KEY

PURPOSE = "no more reminders"


def token(secret: str, person_id: int) -> str:
    return str(_signer(secret).dumps(person_id))


def person_of(secret: str, token: str) -> int | None:
    """Whose link it is; nobody's when it was not signed here for this."""
    try:
        found = _signer(secret).loads(token)
    except BadSignature:
        return None
    return found if type(found) is int and 0 < found <= LARGEST_KEY else None


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=PURPOSE)
