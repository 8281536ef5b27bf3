"""Disclosures: what everyone in control of a programme declares of their financial relationships.

Each speaker, moderator and planner declares the relationships of the last 24 months, or that there
are none. Someone who is not concerned reviews it and notes how a conflict is mitigated. Learners
see it before they take part; without it nothing that carries credits is announced.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.agenda import words as agenda_words
    from app.agenda.models import STANDING_AGAINST
    from app.disclosures import queries, staff_views, state, views, words

    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    app.jinja_env.globals.update(
        disclosed_by=state.disclosed_by,
        own_disclosure=state.own_disclosure,
        disclosure_words=words,
        part_of=agenda_words.part,
    )
    if queries.standing_against not in STANDING_AGAINST:
        STANDING_AGAINST.append(queries.standing_against)
