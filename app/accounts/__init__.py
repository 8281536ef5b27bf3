"""People and how they prove who they are: sign-up, sign-in, addresses, sessions, profile.

A person exists once an address of theirs is confirmed. A session is a row that the person can see
and end. What someone came for before they had an account is carried out when they arrive.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.accounts import commands, entrance, jobs, own_views, views

    assert jobs
    assert own_views
    entrance.init_app(app)
    app.register_blueprint(views.blueprint)
    app.cli.add_command(commands.accounts)
