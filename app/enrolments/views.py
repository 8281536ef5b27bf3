"""Pages of the room."""

from flask import Blueprint

blueprint = Blueprint("enrolments", __name__)
