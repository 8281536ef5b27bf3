"""Pages that compose the rooms: the start page, the desk, health."""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.home import views

    app.register_blueprint(views.blueprint)
