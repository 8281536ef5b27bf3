"""Recordings: a webinar that was held, published to be watched later as a course of its own.

The course has its own test, its own certificate and a day after which nobody starts it any more.
Watching it is never presence at the webinar, and whoever was there gains nothing by it.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.agenda.models import STANDING_AGAINST
    from app.recordings import state, views
    from app.recordings.publishing import against_announcing

    app.register_blueprint(views.blueprint)
    app.jinja_env.globals["recording_shown"] = state.shown
    if against_announcing not in STANDING_AGAINST:
        STANDING_AGAINST.append(against_announcing)
