"""One process of a race: enrols its share of the people and says what each was told.

The switches that take a guard away live here and nowhere else: the application has none.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

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


def look_without_holding(session: Session, activity: Activity) -> Tally:
    """What `booking.lock` does, without its lock."""
    session.refresh(activity, ["capacity"])
    return Tally(activity_id=activity.id, taken=0, waiting=0, withdrawn=0)


@contextmanager
def unguarded() -> Iterator[Session]:
    """A session that holds nothing: on SQLite every statement stands alone, as in its driver."""
    engine = db.db.engine
    if engine.dialect.name == "sqlite":
        engine = create_engine(engine.url, connect_args={"timeout": 15})

        @event.listens_for(engine, "connect")
        def connected(connection: Any, _record: object) -> None:
            connection.isolation_level = None

    with Session(engine, expire_on_commit=False) as session:
        yield session
        session.commit()


def run(activity_id: int, guards: str, people: list[int]) -> Counter[str]:
    told: Counter[str] = Counter()
    transaction = db.writing if guards == "all" else unguarded
    queue = deque(people)
    while queue:
        person_id = queue.popleft()
        try:
            with transaction() as session:
                activity = session.get_one(Activity, activity_id)
                person = session.get_one(Person, person_id)
                enrolment = booking.enrol(session, activity, person, at=now())
                answer = "place" if enrolment.has_place else "waiting"
        except OperationalError:
            if guards == "all":  # the page says 503, try again in a moment; and so people do
                queue.append(person_id)
                continue
            answer = "failed"
        except IntegrityError:
            answer = "failed"
        told[answer] += 1
    return told


if __name__ == "__main__":
    app = create_app()
    widen_the_window()
    if sys.argv[2] == "unlocked":
        booking.lock = look_without_holding
    with app.app_context():
        print("ready", flush=True)
        sys.stdin.readline()
        print(json.dumps(run(int(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]))))
