"""Pages of the staff of the room."""

from flask import Blueprint

blueprint = Blueprint("agenda_staff", __name__)
