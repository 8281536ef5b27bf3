"""The demonstration: a lively platform of invented people, built through the verbs of the rooms."""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.demo import commands

    app.cli.add_command(commands.demo)
