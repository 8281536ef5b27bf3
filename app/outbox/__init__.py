"""The outbox: messages to people, written in the transaction of the act and sent afterwards.

A message is sent at least once, always under the same Message-ID. Without a mail server it stays
here, where administrators can read it.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.outbox import jobs, views

    assert jobs
    app.register_blueprint(views.blueprint)
