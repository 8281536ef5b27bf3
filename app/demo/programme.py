"""The programme of the demonstration: webinars and courses as they are planned and announced."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.agenda.models import Activity, Kind, Level
from app.agenda.planning import Plan, Texts
from app.agenda.speakers import Named
from app.demo.founding import DATA
from app.demo.scene import Scene
from app.societies.models import Office


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A webinar or a course as the programme writes it."""

    day: int
    societies: list[str]
    title: str
    summary: str
    text: str
    minutes: int
    guests: int
    key: str = ""
    time: str = "09:00"
    zone: str = "Europe/Vienna"
    language: str = "en"
    level: str = "introductory"
    learn: list[str] = field(default_factory=list)
    speakers: list[list[str]] = field(default_factory=list)
    audiences: list[str] = field(default_factory=list)
    capacity: int | None = None
    state: str = ""
    """Webinars: "draft", "held" (no report yet), "matching" (report in, not settled) or nothing."""
    report: str = ""
    lesson: list[dict[str, Any]] = field(default_factory=list)
    question: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_draft(self) -> bool:
        return self.state == "draft"

    @property
    def name(self) -> str:
        return self.key or self.title

    @property
    def description(self) -> str:
        if not self.learn:
            return self.text
        points = "\n".join(f"- {point}" for point in self.learn)
        return f"{self.text}\n\n## What you will take home\n\n{points}"

    @property
    def texts(self) -> Texts:
        return Texts(
            title=self.title, summary=self.summary, description=self.description,
            language=self.language, level=Level(self.level),
            speakers=tuple(Named(name, place) for name, place in self.speakers),
            audiences=frozenset(self.audiences),
            link="" if self.key else "https://meet.example/confer",
        )  # fmt: skip


def webinars() -> list[Entry]:
    return _read("webinars.toml", "webinar")


def courses() -> list[Entry]:
    return _read("courses.toml", "course")


def _read(file: str, kind: str) -> list[Entry]:
    with (DATA / file).open("rb") as source:
        return [Entry(**facts) for facts in tomllib.load(source)[kind]]


def plan_webinar(at: datetime, scene: Scene, entry: Entry, starts_at: datetime) -> Activity:
    """Schedule a webinar as a draft."""
    local = starts_at.astimezone(ZoneInfo(entry.zone))
    plan = Plan(
        kind=Kind.WEBINAR, on=local.date(), start=local.time(), zone=entry.zone,
        minutes=entry.minutes, capacity=entry.capacity,
    )  # fmt: skip
    return _draft(at, scene, entry, plan)


def plan_course(at: datetime, scene: Scene, entry: Entry) -> Activity:
    """Schedule a course that can be begun at any time, as a draft."""
    plan = Plan(
        kind=Kind.COURSE, zone=entry.zone, minutes=entry.minutes, capacity=entry.capacity
    )  # fmt: skip
    return _draft(at, scene, entry, plan)


def _draft(at: datetime, scene: Scene, entry: Entry, plan: Plan) -> Activity:
    lead, *others = (scene.societies[code] for code in entry.societies)
    by = scene.officers[lead.code, Office.COURSE_ADMINISTRATOR]
    activity = Activity.draft(
        scene.session, plan, entry.texts, lead=lead, others=others, by=by, at=at
    )  # fmt: skip
    scene.activities[entry.name] = activity
    return activity


def announce(at: datetime, scene: Scene, entry: Entry) -> None:
    activity = scene.activities[entry.name]
    activity.announce(by=scene.administrator(activity), at=at)


def dates(scene: Scene, entry: Entry, starts_at: datetime) -> tuple[datetime, datetime]:
    """When a webinar was planned and announced: some weeks ahead, and never in the future."""
    announced_at = min(starts_at - timedelta(days=42), scene.now - timedelta(days=3))
    return announced_at - timedelta(days=5), announced_at
