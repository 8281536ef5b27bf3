"""Pages of the room."""

from flask import Blueprint

blueprint = Blueprint("societies", __name__)
