"""Rechecks: everything issued is read again, independently, against what the register says.

A round reads every file, seal, credential, status list, log and journal entry. What it finds stands
until someone has looked into it; when rounds stop, an alarm is raised.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.rechecks import commands, jobs, views

    assert jobs
    app.register_blueprint(views.blueprint)
    app.cli.add_command(commands.rechecks)
