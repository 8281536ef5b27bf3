"""The joint agenda: webinars and courses that societies hold together.

An activity has one leading organiser and may have co-organisers, tied to it by an agreement in
force with the scope of the activity. It is a draft until it is announced; the presence rule is
stamped on it at that moment.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.agenda import (
        board_views,
        change_views,
        series_views,
        speaker_staff_views,
        speaker_views,
        staff_views,
        template_views,
        views,
    )

    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    app.register_blueprint(speaker_views.blueprint)
    app.register_blueprint(speaker_views.portraits)
    app.register_blueprint(speaker_staff_views.blueprint)
    app.register_blueprint(change_views.blueprint)
    app.register_blueprint(board_views.blueprint)
    app.register_blueprint(series_views.blueprint)
    app.register_blueprint(template_views.blueprint)
    from app.agenda import consent_views, contribution_views, terms_views, zone_rules

    assert zone_rules
    app.register_blueprint(terms_views.blueprint)
    app.register_blueprint(consent_views.blueprint)
    app.register_blueprint(contribution_views.blueprint)
