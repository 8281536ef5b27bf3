"""The dialogue of a webinar: questions put to the speakers, votes for them, and polls.

Those with a place ask before and during the webinar; what many want to know stands first. A poll
may ask for attention: whoever answers it while it is open proves that they were there.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.agenda.kinds import Proof
    from app.attendance.standing import SIGNS
    from app.dialogue import queries, staff_views, state, views

    SIGNS[Proof.POLL] = queries.signs

    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    app.jinja_env.globals.update(dialogue_open=state.dialogue_open)
