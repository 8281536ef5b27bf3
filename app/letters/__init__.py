"""Letters: what an administrator writes to those who are enrolled in a webinar.

A letter goes to those with a place, those who wait, or, once presence is confirmed, those who were
there or were not. It is drafted, seen as each of them will see it, and sent once; there is one copy
for each, whatever happens to the worker.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.letters import jobs, views

    assert jobs
    app.register_blueprint(views.blueprint)
