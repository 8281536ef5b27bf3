"""What kinds of activities there are, how hard they are, and how a society takes part."""

from __future__ import annotations

from enum import StrEnum

from app.agreements.models import Scope


class Kind(StrEnum):
    WEBINAR = "webinar"
    COURSE = "course"

    @property
    def scope(self) -> Scope:
        """The scope an agreement needs for societies to hold such an activity together."""
        return Scope.WEBINARS if self is Kind.WEBINAR else Scope.COURSES


class Level(StrEnum):
    INTRODUCTORY = "introductory"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"


class Role(StrEnum):
    """How a society takes part in an activity."""

    ORGANISER = "organiser"
    CO_ORGANISER = "co-organiser"


class Part(StrEnum):
    """What someone on the programme does."""

    SPEAKER = "speaker"
    MODERATOR = "moderator"
    PLANNER = "planner"


class Entry(StrEnum):
    """Who may enrol."""

    EVERYONE = "everyone"
    MEMBERS = "members"
    LISTED = "listed"


class Proof(StrEnum):
    """What proves that someone was there; each that is stamped on a webinar counts."""

    REPORT = "report"
    CODE = "code"
    POLL = "poll"
