"""Societies and mandates at the desk."""

from flask import Blueprint

blueprint = Blueprint("societies_staff", __name__, url_prefix="/desk/societies")
