"""Attendance: who was in the room, proved by reports of the meeting platform.

A report is kept as it came. Its rows are grouped into participants; each is matched to an enrolment
by address, or by hand, or set aside with a reason. Presence is the union of the matched intervals,
clipped to the session. The administrator settles it once everything is decided.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.attendance import commands, staff_views

    app.register_blueprint(staff_views.blueprint)
    app.cli.add_command(commands.attendance)
