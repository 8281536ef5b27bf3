"""Signing keys: what each society seals documents and signs credentials with.

A key is kept here under lock (local), in the society's token (PKCS#11), or by the society alone,
which then signs elsewhere (deferred). It is made, certified, put in force, retired, or reported as
compromised; each act is a row, and no private key lies in the database in the clear.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app import sealed
    from app.signing_keys import acts_staff_views, commands, jobs, models, staff_views

    assert jobs
    app.register_blueprint(staff_views.blueprint)
    app.register_blueprint(acts_staff_views.blueprint)
    app.cli.add_command(commands.keys)
    if models.sealed_texts not in sealed.KEPT:
        sealed.KEPT.append(models.sealed_texts)
    sealed.ANEW["signing keys"] = models.reseal_all
