"""Pages of the room."""

from flask import Blueprint

blueprint = Blueprint("completions", __name__)
