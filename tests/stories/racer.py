"""One process of a race: enrols its share of the people and says what each was told.

The switches that take a guard away live here and nowhere else: the application has none.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from typing import Any

from sqlalchemy.exc import IntegrityError, OperationalError

from app import create_app, db
from app.accounts.models import Person
from app.agenda.models import Activity
from app.clock import now
from app.enrolments import booking
from app.enrolments.models import Tally

WINDOW = 0.02


def widen_the_window() -> None:
    """Between finding a free place and taking it, everybody else gets time to do the same."""
    find = booking._free_number

    def find_and_wait(*arguments: Any) -> int | None:
        number = find(*arguments)
        if number is not None:
            time.sleep(WINDOW)
        return number

    booking._free_number = find_and_wait


def take_the_lock_off() -> None:
    """Look, but do not hold: on SQLite the transaction begins as a reader's and writes late."""

    def look(session: Any, activity: Activity) -> Tally:
        session.refresh(activity, ["capacity"])
        return Tally(activity_id=activity.id, taken=0, waiting=0, withdrawn=0)

    booking.lock = look


def run(activity_id: int, guards: str, people: list[int]) -> Counter[str]:
    told: Counter[str] = Counter()
    begin = db.writing if guards == "all" else db.reading
    for person_id in people:
        try:
            with begin() as session:
                enrolment = booking.enrol(
                    session,
                    session.get_one(Activity, activity_id),
                    session.get_one(Person, person_id),
                    at=now(),
                )
                told_this = "place" if enrolment.has_place else "waiting"
                session.commit()
            told[told_this] += 1
        except (IntegrityError, OperationalError):
            told["failed"] += 1
    return told


if __name__ == "__main__":
    app = create_app()
    widen_the_window()
    if sys.argv[2] != "all":
        take_the_lock_off()
    with app.app_context():
        print("ready", flush=True)
        sys.stdin.readline()
        print(json.dumps(run(int(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]))))
