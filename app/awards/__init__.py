"""Awards: the list of those who shall receive a joint certificate, and the keys that release it.

An award list is drawn up, then frozen under a digest. An officer of each awarding society approves
exactly that digest: a society's key. When every society has approved, the list is released and the
diplomas are made; any change before that voids the approvals given.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.awards import following, staff_views
    from app.db import db

    app.register_blueprint(staff_views.blueprint)
    app.jinja_env.globals["followed"] = lambda candidacy: following.followed(db.session, candidacy)
