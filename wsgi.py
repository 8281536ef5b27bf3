"""The WSGI application: `wsgi:app`."""

import gc

gc.disable()  # what is loaded here stays: looking for garbage in it is a fifth of the start

from app import create_app  # noqa: E402

app = create_app()
gc.enable()
