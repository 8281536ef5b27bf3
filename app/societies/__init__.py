"""The scientific societies, and who holds which office in them.

A mandate gives a person an office in a society from a day until a day. Rights are read from the
mandates in force at the moment of an act.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.db import db
    from app.societies import commands, marks, member_views, memberships, staff_views, views
    from app.societies.models import Society

    assert commands
    assert marks
    assert memberships
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    app.register_blueprint(member_views.blueprint)
    app.jinja_env.globals["codes_of"] = lambda shorts: Society.codes(db.session, shorts)
