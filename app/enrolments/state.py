"""How an activity stands for the reader of a page: what the enrolment button says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.access import me
from app.agenda.models import Activity
from app.clock import now
from app.db import db
from app.enrolments import queries
from app.enrolments.admission import obstacles
from app.enrolments.models import Enrolment
from app.enrolments.queries import Places


@dataclass(frozen=True)
class State:
    """`kind` is "unannounced", "cancelled", "over", "place", "waiting", "refused", "free" or
    "full"; `against` says in words what stands against an enrolment.
    """

    kind: str
    places: Places
    position: int = 0
    has_withdrawn: bool = False
    against: tuple[str, ...] = ()


def places(activity_ids: Iterable[int]) -> dict[int, Places]:
    """For lists: how each of these activities is filled and whether the reader is in."""
    return queries.places(db.session, list(activity_ids), me())


def enrolment_state(activity: Activity) -> State:
    """For the page of an activity: where the reader stands and what there is to do."""
    found = places([activity.id]).get(activity.id) or Places(None)
    if activity.is_cancelled:
        return State("cancelled", found)
    if found.mine is not None and found.mine.has_place:
        return State("place", found)
    if not activity.is_announced or activity.has_ended(now()):
        return State("over" if activity.is_announced else "unannounced", found)
    if found.mine is not None:
        waiting = db.session.get_one(Enrolment, found.mine.id)
        return State("waiting", found, position=queries.position(db.session, waiting))
    if against := obstacles(activity, at=now(), person=me()):
        return State("refused", found, against=tuple(map(str, against)))
    return State("full" if found.is_full else "free", found, has_withdrawn=found.has_left)
