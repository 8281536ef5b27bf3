"""The child of the press: sets pages for its parent until the pipe closes.

Started by path, alone and in isolated mode, so it knows nothing of the app. It may read its
typefaces and its own libraries; it may not open a socket, start a program or read anything else.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cage" / "inside"))

from lids import limit_the_process, limit_the_turn, say, shut_the_doors
from order import Order, take_order
from refusals import MOST_BYTES, reason_for

FIRST = Order("<!doctype html><html lang=en><title>.</title><p>.</p>")


def main() -> None:
    cpu_seconds, memory, typefaces = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, 0)
    os.dup2(silence, 1)  # a library that prints must not garble the answer
    limit_the_process(memory, written=MOST_BYTES)
    try:
        from typesetter import Typesetter

        typesetter = Typesetter()
    except (ImportError, OSError) as failure:
        say(outbox, b"-" + f"The typesetting program cannot start: {failure}".encode())
        return
    typesetter.set(FIRST)
    shut_the_doors(typefaces, barred=("ctypes.",))
    say(outbox, b"+")
    while order := take_order(inbox):
        limit_the_turn(cpu_seconds)
        try:
            body, verdict = typesetter.set(order), b"+"
        except Exception as failure:
            body, verdict = reason_for(failure).encode(), b"-"
        say(outbox, verdict + body)
        if verdict == b"-" and b"memory" in body:
            return


if __name__ == "__main__":
    main()
    os._exit(0)  # nothing is left to say; the libraries' own farewell is slow and may stumble
