"""Gathers the rows of a report while it is read, and the lines that cannot count."""

from dataclasses import dataclass, field

from app.attendance.presence import Interval, seconds
from app.attendance.report import Ignored, Reason, Role, Row
from app.attendance.unreadable import Kind, Unreadable
from app.attendance.wall_clock import WallClock

NAME_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Who:
    """A person as one line names them."""

    name: str
    address: str = ""
    role: Role = Role.ATTENDEE
    other_names: tuple[str, ...] = ()
    external_id: str = ""


@dataclass
class Gathering:
    """The rows so far. Both kinds of time, a stay and a total, come in here."""

    clock: WallClock
    rows: list[Row] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)

    def stay(
        self, who: Who, line: int, joined: str, left: str, *,
        stated: int | None = None, columns: tuple[str, str] = ("Join Time", "Leave Time"),
    ) -> None:  # fmt: skip
        """One stay, from a time to a time."""
        if self.names(who, line) and (found := self._between(line, joined, left, stated, columns)):
            self.add(who, line, found)

    def total(
        self, who: Who, line: int, joined: str, left: str, *,
        total: int | None, columns: tuple[str, str] = ("First Join", "Last Leave"),
    ) -> None:  # fmt: skip
        """The first joining, the last leaving and a sum of seconds.

        A sum that is as long as the stretch is one stay.
        """
        if not self.names(who, line):
            return
        if total is None:
            self.ignore(line, Reason.NO_DURATION)
        elif found := self._between(line, joined, left, total, columns):
            self.add(who, line, found, None if total == seconds([found]) else total)

    def names(self, who: Who, line: int) -> bool:
        """Whether the line names somebody."""
        if max(map(len, (who.name, who.address, who.external_id))) > NAME_LIMIT:
            raise Unreadable(Kind.TOO_LONG, line, limit=NAME_LIMIT)
        if not (who.name or "@" in who.address):
            self.ignore(line, Reason.NOBODY_NAMED)
            return False
        return True

    def ignore(self, line: int, reason: Reason) -> None:
        self.ignored.append(Ignored(line, reason))

    def add(self, who: Who, line: int, stay: Interval, total: int | None = None) -> None:
        address = who.address.lower()
        self.rows.append(
            Row(
                name=who.name or address, address=address if "@" in address else None,
                joined=stay.joined, left=stay.left, line=line, role=who.role,
                other_names=who.other_names, external_id=who.external_id, total=total,
            )
        )  # fmt: skip

    def _between(
        self, line: int, joined: str, left: str, stated: int | None, columns: tuple[str, str]
    ) -> Interval | None:
        if not (joined and left):
            self.ignore(line, Reason.NO_LEAVING_TIME if joined or left else Reason.NO_TIMES)
            return None
        return self.clock.stay(joined, left, line, stated=stated, columns=columns)


def shown_and_original(cell: str) -> tuple[str, tuple[str, ...]]:
    """“Ana (Ana López)” is one person under two names."""
    if not cell.endswith(")") or " (" not in cell:
        return cell, ()
    shown, _, original = cell[:-1].partition(" (")
    name, other = shown.strip(), original.strip()
    return name or other, (other,) if name and other and other != name else ()
