"""Learning: the lessons of a course, and what a learner has read of them.

The lessons of an announced course are open to whoever has a place on it. A lesson is done when its
reader says so, in whatever order they like, and it can be read again ever after.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.learning import outline, staff_views, views

    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    app.jinja_env.globals["course_outline"] = outline.course_outline
