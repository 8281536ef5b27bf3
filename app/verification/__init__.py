"""Verification: what anyone can learn about a credential, from its serial or its file."""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.verification import commands, views

    app.register_blueprint(views.blueprint)
    app.cli.add_command(commands.verification)
