"""What Confer asks of a meeting platform, whichever it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Provider(StrEnum):
    """The platforms that Confer talks to. A plain link needs none of them."""

    BIGBLUEBUTTON = "bigbluebutton"
    ZOOM = "zoom"
    TEAMS = "teams"


@dataclass(frozen=True)
class Wish:
    """A meeting as it is wanted."""

    key: str
    """Unguessable, and the same every time this meeting is asked for."""
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    page: str = ""
    """The page to which people come back from the room."""
    hook: str = ""
    """Where the platform tells who comes and goes, if it can."""
    minutes_hook: str = ""
    """Where BigBlueButton sends its account of the meeting afterwards."""


@dataclass(frozen=True)
class Room:
    """A meeting as the platform made it: its own name for it, and an address for everybody.

    Where everybody comes in by an own address only, it is that of the webinar's page.
    """

    id: str
    address: str


@dataclass(frozen=True)
class Guest:
    """Someone who comes: `id` is what the platform's reports give back to us."""

    id: str
    name: str
    address: str
    moderates: bool = False


@dataclass(frozen=True)
class Entrance:
    """The address that is one person's own, and how the platform's reports will call them."""

    address: str
    id: str = ""


@dataclass(frozen=True)
class Stay:
    """That somebody was connected, as a report of the platform says it."""

    name: str
    address: str
    joined_at: datetime
    left_at: datetime
    guest: str = ""
    """What `Guest` or `Entrance` called them, where the platform gives that back."""
    moderates: bool = False


@dataclass(frozen=True)
class Film:
    """A recording that can be watched."""

    id: str
    address: str
    starts_at: datetime | None
    seconds: int | None


class Platform(Protocol):
    """A platform that holds meetings. What fails raises `CallFailed`, in words."""

    def check(self) -> str:
        """Whether the credentials open it; what it says of itself."""

    def create(self, wish: Wish, *, again: bool = False) -> Room:
        """Make the meeting. `again`: it was asked for before, and the answer may be lost."""

    def change(self, room: Room, wish: Wish) -> None:
        """Give it another hour or title."""

    def open(self, room: Room, wish: Wish) -> None:
        """Shortly before people come: do what the platform needs so that they can."""

    def end(self, room: Room) -> None:
        """End it, or take it back; a meeting that is gone already is no failure."""

    def join_address(self, room: Room, guest: Guest) -> Entrance:
        """The address with which this person comes in."""

    def host_address(self, room: Room, guest: Guest) -> str:
        """The address with which this person comes in and may run the meeting."""

    def recordings(self, room: Room) -> list[Film]:
        """What was recorded and can be watched."""

    def presence(self, room: Room) -> list[Stay]:
        """Who was there from when until when, as far as the platform tells on being asked."""
