"""Completions: a person has done an activity, weighed from presence or from lessons and test.

Each completion carries a certificate. This room settles the presence of a webinar and takes in the
lessons and the test of a course, because these acts end in completions.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.completions import course_staff_views, evaluation_views, staff_views, views
    from app.completions.coursework import coursework
    from app.completions.fulfilment import next_thing
    from app.completions.queries import completed_among
    from app.db import db

    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    app.register_blueprint(course_staff_views.blueprint)
    app.register_blueprint(evaluation_views.blueprint)
    app.jinja_env.globals.update(
        coursework=lambda enrolment: coursework(db.session, enrolment),
        completed_among=lambda enrolments: completed_among(db.session, enrolments),
        next_thing=next_thing,
    )
