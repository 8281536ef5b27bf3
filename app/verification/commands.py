"""`flask verification …`"""

from flask.cli import AppGroup

verification = AppGroup("verification")
