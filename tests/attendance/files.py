"""A small right file of every kind, whose lines a test may change, and the lines to change."""

import json
from typing import Any

MEETING = (
    "Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants",
    "812 3456 7890,IHE simply,10/14/2026 05:45:00 PM,10/14/2026 07:40:00 PM,host@example.org,115,2",
    "",
)
STAYS = (
    "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,"
    "Recording Consent,In Waiting Room",
    "Ana Lopez (Ana),ana@example.org,10/14/2026 06:00:00 PM,10/14/2026 06:30:00 PM,30,Yes,,No",
    "Ana Lopez (Ana),ana@example.org,10/14/2026 06:20:00 PM,10/14/2026 07:00:00 PM,40,Yes,,No",
    "Ben Ek,,10/14/2026 06:00:00 PM,10/14/2026 06:45:00 PM,45,No,,No",
)
MINUTES = (
    "Name (Original Name),User Email,Total Duration (Minutes),Guest",
    "Ana Lopez (Ana),ana@example.org,60,Yes",
    "Ben Ek,,45,No",
)
FLAT = (
    "Topic,Type,ID,Host name,Host email,Start time,End time,Duration (minutes),"
    "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,"
    "Recording disclaimer response,In waiting room",
    *(
        "IHE simply,Meeting,812 3456 7890,Eva,host@example.org,10/14/2026 05:45:00 PM,"
        f"10/14/2026 07:40:00 PM,115,{person}"
        for person in (
            "Eva,host@example.org,10/14/2026 05:45:00 PM,10/14/2026 07:40:00 PM,115,No,,No",
            "Ana,ana@example.org,10/14/2026 05:50:00 PM,10/14/2026 06:00:00 PM,10,Yes,,Yes",
            "Ana,ana@example.org,10/14/2026 06:00:00 PM,10/14/2026 07:00:00 PM,60,Yes,,No",
            "Ben Ek,,10/14/2026 06:00:00 PM,10/14/2026 06:45:00 PM,45,No,,No",
        )
    ),
)
SUMMARY = (
    "1. Summary",
    "Meeting title\tIHE simply",
    "Attended participants\t2",
    "Start time\t10/14/26, 5:50:00 PM",
    "End time\t10/14/26, 7:35:00 PM",
    "",
)
PEOPLE = (
    "2. Participants",
    "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole",
    "Ana Lopez (Guest)\t10/14/26, 6:00:00 PM\t10/14/26, 7:00:00 PM\t1h\tana@example.org\t\tGuest",
    "Ben Ek\t10/14/26, 6:00:00 PM\t10/14/26, 7:00:00 PM\t45m\t\t\tPresenter",
    "",
)
ACTIVITIES = (
    "3. In-Meeting Activities",
    "Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole",
    "Ana Lopez (Guest)\t10/14/26, 6:00:00 PM\t10/14/26, 7:00:00 PM\t1h\tana@example.org\tAttendee",
    "Ben Ek\t10/14/26, 6:00:00 PM\t10/14/26, 6:25:00 PM\t25m\t\tPresenter",
    "Ben Ek\t10/14/26, 6:40:00 PM\t10/14/26, 7:00:00 PM\t20m\t\tPresenter",
)
OLDER = (
    "Full Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\tParticipant ID (UPN)",
    "Ana Lopez\t10/14/2026, 6:00:00 PM\t10/14/2026, 7:00:00 PM\t1h\t\tAttendee\tana@example.org",
    "Ben Ek\t10/14/2026, 6:00:00 PM\t10/14/2026, 6:45:00 PM\t45m\t\tPresenter\t",
)
DASHBOARD = (
    "Name,Moderator,Activity Score,Talk Time,Webcam Time,Messages,Reactions,Poll Votes,"
    "Raise Hands,Join,Left,Duration,Poll 1",
    *(
        f'"{name}","{moderator}","5","00:01:00","-","3","0","0","1",{times},"A"'
        for name, moderator, times in (
            ("Eva", "TRUE", '"10/14/2026, 5:45:00 PM","10/14/2026, 7:40:00 PM","01:55:00"'),
            ("Ana Lopez", "FALSE", '"10/14/2026, 6:00:00 PM","10/14/2026, 7:00:00 PM","01:00:00"'),
            ("Ben Ek", "FALSE", '"10/14/2026, 6:00:00 PM","10/14/2026, 7:00:00 PM","00:45:00"'),
        )
    ),
    '"Anonymous","","","","","","","","","","","",""',
)
PLAIN = (
    "name,address,joined,left",
    "Ana Lopez,ana@example.org,2026-10-14T18:00:00+02:00,2026-10-14T19:00:00+02:00",
    "Ben Ek,,2026-10-14 18:00:00,2026-10-14 18:45",
)


def lines(*parts: str) -> bytes:
    return ("\r\n".join(parts) + "\r\n").encode()


def attendee(
    name: str, id: str, joins: list[str], leaves: list[str], **more: Any
) -> dict[str, Any]:
    return {"ext_user_id": id, "name": name, "moderator": False, "joins": joins, "leaves": leaves,
            "duration": 0} | more  # fmt: skip


def callback(*attendees: object, **data: object) -> bytes:
    """One attendee on each line from line 4 on."""
    people = ",\n".join(json.dumps(one) for one in attendees)
    about = {
        "metadata": {"meeting_name": "IHE simply"}, "duration": 6300,
        "start": "2026-10-14T15:45:00+00:00", "finish": "2026-10-14T17:40:00+00:00", **data,
    }  # fmt: skip
    rest = json.dumps(about)[1:-1]
    return (
        '{"version": "1.0", "meeting_id": "ihe", "internal_meeting_id": "183f-1",\n'
        f'"data": {{{rest},\n"attendees": [\n{people}\n]}}}}'
    ).encode()


ANA = attendee("Ana Lopez", "ana@example.org", ["2026-10-14T16:00:00Z"], ["2026-10-14T17:00:00Z"])
BEN = attendee("Ben Ek", "w-ben", ["2026-10-14T16:00:00Z", "2026-10-14T16:40:00Z"],
               ["2026-10-14T17:00:00Z", "2026-10-14T16:25:00Z"])  # fmt: skip

RIGHT = {
    "zoom meeting": lines(*MEETING, *STAYS),
    "zoom minutes": lines(*MEETING, *MINUTES),
    "zoom flat": lines(*FLAT),
    "teams": lines(*SUMMARY, *PEOPLE, *ACTIVITIES),
    "teams older": lines(*OLDER),
    "bbb dashboard": lines(*DASHBOARD),
    "bbb callback": callback(ANA, BEN),
    "plain": lines(*PLAIN),
}
