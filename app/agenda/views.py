"""Pages of the room."""

from flask import Blueprint

blueprint = Blueprint("agenda", __name__)
