"""Pages of the staff of the room."""

from flask import Blueprint

blueprint = Blueprint("enrolments_staff", __name__)
