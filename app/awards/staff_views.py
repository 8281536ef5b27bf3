"""Pages of the staff of the room."""

from flask import Blueprint

blueprint = Blueprint("awards", __name__)
