"""Pages of the staff of the room."""

from flask import Blueprint

blueprint = Blueprint("societies_staff", __name__)
