"""A plain table: name, address, joined, left, one line per stay. For any platform without a report.

The documented columns are `name`, `address`, `joined`, `left`; `role` may be there too. Times are
ISO (2026-10-14T18:00:00+02:00, or without an offset in the zone of the report) or local. German
headings and the ones that platforms like to use are understood as well.
"""

from zoneinfo import ZoneInfo

from app.attendance.columns import columns_of
from app.attendance.gathering import Gathering, Who
from app.attendance.report import Provider, Report, Role
from app.attendance.table import Table
from app.attendance.wall_clock import WallClock

NAMES = {
    "name": (
        "name", "full name", "display name", "participant", "user name", "teilnehmer",
        "teilnehmerin", "teilnehmer/in", "vollständiger name",
    ),
    "address": (
        "address", "email", "e-mail", "email address", "e-mail address", "user email", "mail",
        "adresse", "e-mail-adresse", "mailadresse",
    ),
    "joined": (
        "joined", "joined at", "join", "join time", "start", "from", "beigetreten", "beitritt",
        "beginn", "von", "eintritt", "gekommen", "betreten",
    ),
    "left": (
        "left", "left at", "leave", "leave time", "end", "until", "to", "verlassen", "austritt",
        "ende", "bis", "gegangen",
    ),
    "role": ("role", "rolle"),
}  # fmt: skip
ROLES = {
    "host": Role.HOST, "organizer": Role.HOST, "organiser": Role.HOST, "gastgeber": Role.HOST,
    "moderator": Role.HOST, "panelist": Role.PANELIST, "speaker": Role.PANELIST,
    "presenter": Role.PANELIST, "referent": Role.PANELIST, "referentin": Role.PANELIST,
}  # fmt: skip


def is_plain(table: Table) -> bool:
    """Whether the first line names somebody, and when they came and went."""
    found = columns_of(table.lines[0], NAMES)
    return {"joined", "left"} <= set(found.places) and bool({"name", "address"} & set(found.places))


def read(table: Table, *, zone: ZoneInfo) -> Report:
    columns = columns_of(table.lines[0], NAMES)
    clock = WallClock(zone, "a table", "2026-10-14 18:00:00")
    body = table.lines[1:]
    clock.learn([columns.cell(line, one) for line in body for one in ("joined", "left")])
    gathered = Gathering(clock)
    titles = columns.title("joined"), columns.title("left")
    for line in body:
        columns.check(table, line, "joined", "left")
        who = Who(
            columns.cell(line, "name"),
            columns.cell(line, "address"),
            ROLES.get(columns.cell(line, "role").casefold(), Role.ATTENDEE),
        )
        gathered.stay(who, line.number, columns.cell(line, "joined"), columns.cell(line, "left"),
                      columns=titles)  # fmt: skip
    return Report(
        provider=Provider.TABLE,
        topic="",
        rows=tuple(gathered.rows),
        ignored=tuple(gathered.ignored),
    )
