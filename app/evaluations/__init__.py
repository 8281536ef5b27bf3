"""Evaluations: what those who took part say of a webinar, without anybody knowing who said it.

A receipt says that somebody has answered, and nothing of what; the answers carry neither person nor
time. Where a webinar needs it, the receipt is what its certificate waits for.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.evaluations import jobs, staff_views, state, views

    assert jobs
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    app.jinja_env.globals.update(
        evaluation_of=state.evaluation_of, has_evaluation=state.has_evaluation
    )
