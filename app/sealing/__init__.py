"""Sealing: from an issued credential to its one file, sealed by every awarding society.

The credential is proved, the sheet is set, each society seals in the agreed order, and a time stamp
closes the file. A society that signs elsewhere is waited for, visibly.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app import sealed
    from app.sealing import commands, jobs, staff_views
    from app.sealing.doubts import sealed_with
    from app.signing_keys.doubts import SIGNED

    assert jobs
    if sealed_with not in SIGNED:
        SIGNED.append(sealed_with)
    if commands.sealed_texts not in sealed.KEPT:
        sealed.KEPT.append(commands.sealed_texts)
    sealed.ANEW["keys of the local time-stamp authority"] = commands.reseal
    app.register_blueprint(staff_views.blueprint)
