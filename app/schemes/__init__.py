"""Schemes: what societies certify together, and what each candidate still lacks.

A scheme has editions; an edition's requirements stay as they were published. A candidate's
progress is computed from completions by the same function that decides; it shows the evidence and
what is missing.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.schemes import staff_views, views

    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
