"""The administrator's desk of one webinar: where it stands, what is next, its figures, its tables.

This room knows all others that a webinar passes through; none of them knows it.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.webinar_desk import views
    from app.webinar_desk.standing import standing

    app.register_blueprint(views.blueprint)
    app.jinja_env.globals["webinar_standing"] = standing
