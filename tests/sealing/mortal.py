"""Workers that die or stop exactly before or after a named step, one after the other.

A process that waits with everything loaded; each line that it reads has it fork a worker, which
makes one diploma and is struck by a signal on its way. It answers what became of the worker.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from flask import Flask

from app import create_app, db
from app.cage import Process
from app.credentials import typesetting
from app.credentials.jobs import press
from app.sealing import jobs as sealing
from tests.conftest import do_not_wait_for_the_disk, make_settings
from tests.sealing.steps import struck_at
from tests.sealing.unguarded import finish_without_looking

PR_SET_PDEATHSIG = 1
PATIENCE = 90
"""Seconds after which a worker that hangs is ended."""


def work(app: Flask, key: int, step: str, moment: str, blow: int, guarded: bool) -> None:
    """Make one diploma; the signal comes at its step."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.alarm(PATIENCE)
    # The press is lent to one worker after the other; only its parent may ask whether it lives.
    Process.is_alive = property(lambda _press: True)  # type: ignore[assignment,method-assign]
    if not guarded:
        typesetting.finish = finish_without_looking
    owner, name, does_it, _struck = struck_at(app, step, moment, lambda: os.kill(os.getpid(), blow))
    setattr(owner, name, does_it)
    with app.app_context():
        sealing.make_batch(key, most=1)


def fork(app: Flask, **facts: Any) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work(app, **facts)
        status = 0
    except Exception:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def fate(child: int) -> dict[str, Any]:
    """What became of it: it was ended by a signal, was stopped, or came to its end."""
    _pid, status = os.waitpid(child, os.WUNTRACED)
    if os.WIFSTOPPED(status):
        return {"worker": child, "stopped": True}
    return {"worker": child, "status": os.waitstatus_to_exitcode(status)}


def practise(app: Flask, key: int) -> None:
    """Make one here, so that what is loaded for the first one need not be by every worker.

    Nothing stays open that a fork could take over.
    """
    with app.app_context():
        sealing.make_batch(key, most=1)
        db.db.engine.dispose()
    app.extensions["jobs"].huey.storage.close()


def serve(app: Flask) -> None:
    with app.app_context():
        do_not_wait_for_the_disk(db.db.engine)
        press().warm_up()
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        if "practise" in asked:
            practise(app, asked["practise"])
            print("{}", flush=True)
            continue
        if "goes_on" in asked:
            os.kill(child := asked["goes_on"], signal.SIGCONT)
        else:
            child = fork(app, **asked)
        print(json.dumps(fate(child)), flush=True)


if __name__ == "__main__":
    var, address = sys.argv[1:]
    made = create_app(make_settings(Path(var), database_url=address))
    try:
        serve(made)
    finally:
        with made.app_context():
            press().close()
