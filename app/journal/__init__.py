"""The journal: the append-only log of who did what, to what, when and from where.

Each act leaves an entry in its own transaction. Within seconds a chore links new entries into a
hash chain, so that acts never queue behind each other and no entry can be changed unnoticed.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.journal import commands, jobs, views

    assert jobs
    app.register_blueprint(views.blueprint)
    app.cli.add_command(commands.journal)
