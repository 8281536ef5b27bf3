"""The WSGI application: `wsgi:app`."""

import gc

gc.disable()  # what is loaded here stays: nobody need look for garbage in it, now or later

from app import create_app  # noqa: E402

app = create_app()
gc.freeze()
gc.enable()
