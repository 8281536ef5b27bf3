"""Pages of the room."""

from flask import Blueprint

blueprint = Blueprint("verification", __name__)
