"""Contests: a learner says that they were there longer than the reports show, and someone rules.

The contest and the ruling are both kept. What a ruling grants becomes time of presence like any
other, and the completion and its certificate follow from it.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.contests import staff_views, views
    from app.contests.queries import standing
    from app.contests.words import causes

    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    app.jinja_env.globals.update(contest_standing=standing, contest_causes=causes)
