"""`flask credentials …`"""

from flask.cli import AppGroup

credentials = AppGroup("credentials")
