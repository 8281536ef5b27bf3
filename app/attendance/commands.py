"""`flask attendance …`"""

from flask.cli import AppGroup

from app.attendance.examine import examine

attendance = AppGroup("attendance")
attendance.add_command(examine)
