"""Enrolments: a person's wish to take part, and the place or the waiting list it gets.

Places are numbered from 1 to the capacity. Whoever finds none waits in order of enrolment and is
promoted when a place is freed.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from app.enrolments import arrivals, jobs, material_views, staff_views, state, views

    assert arrivals
    assert jobs
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    app.register_blueprint(material_views.blueprint)
    app.jinja_env.globals.update(materials_of=material_views.materials_of)
    app.jinja_env.globals.update(places=state.places, enrolment_state=state.enrolment_state)
