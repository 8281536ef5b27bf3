"""Pages of the staff of the room."""

from flask import Blueprint

blueprint = Blueprint("schemes_staff", __name__)
