"""Completions: a person has done an activity, weighed from presence or from lessons and test.

Each completion carries a certificate. This room settles the presence of a webinar and takes in the
test of a course, because both acts end in completions.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.completions import staff_views, views

    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
