"""Pages of the staff of the room."""

from flask import Blueprint

blueprint = Blueprint("agreements_staff", __name__)
