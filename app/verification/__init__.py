"""Verification: what anyone can learn about a credential, from its serial or its file."""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.verification import api_views, commands, embed_views, key_views, views

    for one in (views, embed_views, key_views, api_views):
        app.register_blueprint(one.blueprint)
    app.cli.add_command(commands.verification)
