"""Pages of the staff of the room."""

from flask import Blueprint

blueprint = Blueprint("assessments_staff", __name__)
