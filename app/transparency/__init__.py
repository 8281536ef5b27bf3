"""Transparency: a log that only grows, of everything issued, altered and withdrawn.

Every act on a credential is a leaf of a Merkle tree (RFC 9162). Its signed heads are mailed to the
societies, which countersign them: nobody, the operator included, acts unseen.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.db import db
    from app.transparency import commands, jobs, queries, staff_views, views

    assert jobs
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    app.cli.add_command(commands.log)
    app.jinja_env.globals["stands_in_log"] = lambda one: queries.is_provable(db.session, one)
