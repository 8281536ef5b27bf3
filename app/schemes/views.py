"""Pages of the room."""

from flask import Blueprint

blueprint = Blueprint("schemes", __name__)
