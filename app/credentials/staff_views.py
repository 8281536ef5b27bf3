"""Pages of the staff of the room."""

from flask import Blueprint

blueprint = Blueprint("credentials_staff", __name__)
