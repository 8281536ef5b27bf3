"""Learning: the lessons of a course, and what a learner has read of them."""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.learning import staff_views, views

    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
