"""Commands of the whole application: `flask doctor`, `flask serve`, and the database's own."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.doctor import doctor
    from app.serve import serve

    app.cli.add_command(doctor)
    app.cli.add_command(serve)
