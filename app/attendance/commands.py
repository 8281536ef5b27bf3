"""`flask attendance …`"""

from flask.cli import AppGroup

attendance = AppGroup("attendance")
