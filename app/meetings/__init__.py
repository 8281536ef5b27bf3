"""Meetings: the rooms in which webinars are held, on whatever platform a society pays for.

A society's administrators enter its accounts; their credentials are sealed and never shown again. A
meeting is made for a session by a job, follows the session's hour, and is ended with it. Learners
come in by links of their own, which note the click and prove nothing; who was there is told by the
platform.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app import sealed
    from app.enrolments import emails
    from app.meetings import (
        accounts,
        accounts_staff_views,
        commands,
        hooks_views,
        jobs,
        models,
        staff_views,
        views,
    )
    from app.meetings.emails import join_link

    assert jobs
    for module in (views, accounts_staff_views, staff_views, hooks_views):
        app.register_blueprint(module.blueprint)
    app.cli.add_command(commands.platforms)
    for kept in (accounts.sealed_texts, models.sealed_links):
        if kept not in sealed.KEPT:
            sealed.KEPT.append(kept)
    if join_link not in emails.JOIN_LINKS:
        emails.JOIN_LINKS.append(join_link)
