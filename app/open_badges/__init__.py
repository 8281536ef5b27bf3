"""Open badges: a diploma as a joint credential that machines read (Open Badges 3.0, VC 2.0).

One issuer, the scheme under its did:web, and a proof of every awarding society. Status lists say
what was suspended or withdrawn; endorsements say who else vouches for the scheme.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.db import db
    from app.open_badges import endorsing, jobs, sharing, staff_views, views
    from app.open_badges.doubts import proved_with
    from app.signing_keys.doubts import SIGNED

    assert jobs
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    app.jinja_env.globals["endorsements_of"] = lambda one: endorsing.of_edition(db.session, one)
    app.jinja_env.globals["key_of_badge"] = lambda one: sharing.key(
        app.config["SETTINGS"].secret_key, one.serial
    )
    if proved_with not in SIGNED:
        SIGNED.append(proved_with)
