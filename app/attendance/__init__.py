"""Attendance: who was in the room, proved by reports of the meeting platform.

A report is kept as it came. Its rows are grouped into participants; each is matched to an enrolment
by address, by an earlier decision or by hand, or set aside with a reason. Presence is the union of
the matched intervals, clipped to the sessions. Codes shown on the screen prove it where the rule of
the webinar says so. The administrator settles it once everything is decided.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.agenda.acts import AGAINST_CANCELLING
    from app.attendance import (
        checks_views,
        columns_views,
        commands,
        jobs,
        settled,
        staff_views,
        views,
    )

    assert jobs
    if settled.against_cancelling not in AGAINST_CANCELLING:
        AGAINST_CANCELLING.append(settled.against_cancelling)
    for one in (staff_views, columns_views, checks_views, views):
        app.register_blueprint(one.blueprint)
    app.cli.add_command(commands.attendance)
