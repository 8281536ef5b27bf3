"""Agreements: the memoranda of understanding under which societies act together.

An agreement has parties and scopes and is in force on some days. Societies are *tied* for a scope
on a day when the agreements in force that day with that scope connect all of them.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.agreements import staff_views, views

    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
