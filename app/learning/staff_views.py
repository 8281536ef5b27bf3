"""Pages of the staff of the room."""

from flask import Blueprint

blueprint = Blueprint("learning_staff", __name__)
