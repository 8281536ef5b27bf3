"""Reminders: a letter a week, a day and an hour before each session, and a thank-you afterwards.

They go to those who have a place, at the hour of their own clock, and each person says which of
them they want; a link in every letter ends them all. A reminder is written once for each person and
session. One whose time has passed is not sent late; a webinar that was moved is reminded of anew.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.reminders import jobs, views

    assert jobs
    app.register_blueprint(views.blueprint)
