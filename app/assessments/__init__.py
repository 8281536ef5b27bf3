"""Assessments: the test at the end of a course.

A learner opens a sitting, which freezes its paper, and hands it in once. Grading is a pure function
of the paper and the answers; the right answers never leave the server before that.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.assessments import staff_views, views

    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
