"""Pages of the room."""

from flask import Blueprint

blueprint = Blueprint("agreements", __name__)
