"""Confer: joint education and certification of partner societies.

`ROOMS` is the table of contents of the domain, in order of knowledge: a room imports only rooms
listed before it.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from flask import Flask

from app import access, assets, commands, db, files, jobs, kept, locale, migrating, web
from config import ROOT, Settings, from_environment

ROOMS = (
    "journal",
    "outbox",
    "accounts",
    "societies",
    "agreements",
    "agenda",
    "disclosures",
    "enrolments",
    "meetings",
    "attendance",
    "dialogue",
    "evaluations",
    "learning",
    "assessments",
    "completions",
    "contests",
    "recordings",
    "reminders",
    "letters",
    "schemes",
    "signing_keys",
    "designs",
    "awards",
    "credentials",
    "open_badges",
    "sealing",
    "transparency",
    "verification",
    "rechecks",
    "webinar_desk",
    "demo",
    "home",
)


def create_app(settings: Settings | None = None) -> Flask:
    """The application for these settings (by default those of the environment)."""
    settings = settings or from_environment()
    app = Flask("app", template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        DEBUG=settings.debug,
        TESTING=settings.testing,
        TRUSTED_HOSTS=settings.hosts,
        MAX_CONTENT_LENGTH=settings.upload_limit,
        MAX_FORM_MEMORY_SIZE=512 * 1024,
        MAX_FORM_PARTS=2000,
        SQLALCHEMY_ENGINES={"default": db.engine_options(settings)},
    )
    settings.var.mkdir(parents=True, exist_ok=True)
    db.db.init_app(app)
    with app.app_context():
        db.prepare(db.db.engine)
    for plumbing in (files, jobs, locale, assets, web, migrating):
        plumbing.init_app(app)
    for room in ROOMS:
        import_module(f"app.{room}").init_app(app)
        if find_spec(f"app.{room}.models"):
            import_module(f"app.{room}.models")
    commands.init_app(app)
    access.init_app(app)
    kept.init_app(app)
    return app
