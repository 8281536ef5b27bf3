"""Designs: how certificates and diplomas look.

Officers choose one of our sheets and adjust its texts, colours, order and margins in a draft; a
published version never changes, and what was issued with it keeps it.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.designs import mark_views, staff_views

    app.register_blueprint(mark_views.blueprint)
    app.register_blueprint(staff_views.blueprint)
