"""Assessments: the test at the end of a course.

A learner opens a sitting, which freezes its paper, and hands it in once. Grading is a pure function
of the paper and the answers; which answers are right never leaves the server, before or after.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.assessments import queries, staff_views, views
    from app.db import db

    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    app.jinja_env.globals["course_test"] = lambda course: queries.test_facts(db.session, course.id)
