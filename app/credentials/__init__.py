"""Credentials: diplomas and certificates, copied out in full at issue, never rendered again.

A credential is a snapshot with a serial. A job sets its sheet once; the file is kept under its
digest and given out as it is. What happens later (withdrawal, supersession) is a row beside it.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.credentials import commands, jobs, staff_views, views

    assert jobs
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    app.cli.add_command(commands.credentials)
