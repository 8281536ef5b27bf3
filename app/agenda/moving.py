"""Moving a draft to another day: the same plan, later or earlier, at the same hour on the wall."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from app.agenda.planning import Plan


def shifted(plan: Plan, on: date | None, start: time | None, fold: int | None) -> Plan:
    """A webinar's plan from another day and hour on; its further sessions move as many days."""
    days = (on - plan.on) if on and plan.on else None
    further = tuple(
        replace(hour, on=hour.on + days, fold=None) if days and hour.on else hour
        for hour in plan.further
    )
    return replace(plan, on=on, start=start, fold=fold, further=further)
