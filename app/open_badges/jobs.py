"""What has to be done again and again: keys of schemes, and status lists that follow the acts."""

from __future__ import annotations

from sqlalchemy import select

from app import db
from app.clock import now
from app.jobs import chore
from app.open_badges import lists
from app.open_badges.models import StatusList
from app.open_badges.queries import schemes_without_compact_key
from app.schemes.models import Scheme
from app.signing_keys.making import make_local
from app.signing_keys.models import Algorithm, Purpose
from app.signing_keys.signing import new_private


@chore("open_badges.keys")
def make_keys() -> None:
    """Give each scheme whose credentials are issued the key of their compact form."""
    with db.reading() as session:
        lacking = [scheme.id for scheme in schemes_without_compact_key(session, at=now())]
    for key in lacking:
        made = new_private(Algorithm.RSA_3072)  # this takes a while: before a transaction is open
        with db.writing() as session:
            db.hold(session, select(Scheme.id).where(Scheme.id == key))
            if any(one.id == key for one in schemes_without_compact_key(session, at=now())):
                scheme = session.get_one(Scheme, key)
                make_local(session, purpose=Purpose.COMPACT, scheme=scheme, by=None, at=now(),
                           made=made)  # fmt: skip


@chore("open_badges.lists")
def sign_lists() -> None:
    """Sign every status list that says something else than the register, or that grows old."""
    with db.reading() as session:
        due = [one.id for one, _encoded in lists.stale(session, at=now())]
    for key in due:
        with db.writing() as session:
            session.get_one(StatusList, key, with_for_update=True)
            for one, encoded in lists.stale(session, at=now(), only=key):
                lists.sign(session, one, encoded, at=now())
