"""Pages of the staff of the room."""

from flask import Blueprint

blueprint = Blueprint("completions_staff", __name__)
