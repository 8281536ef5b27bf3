"""`flask credentials …`"""

from flask.cli import AppGroup

from app.designs.sample import sample

credentials = AppGroup("credentials", help="Certificates and diplomas.")
credentials.add_command(sample)
