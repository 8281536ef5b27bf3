"""The process that reads files of strangers: one after the other, until the pipe closes.

Started by path, alone and in isolated mode, so it knows nothing of the app. It may read its own
libraries; it may not open a socket, start a program or read anything else.
"""

import importlib
import json
import struct
import sys
from pathlib import Path
from typing import BinaryIO

APP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(APP / "verification"), str(APP / "cage" / "inside")]

from lids import limit_the_process, limit_the_turn, say, shut_the_doors  # noqa: E402


def serve(source: BinaryIO, answers: BinaryIO, cpu_seconds: int) -> None:
    reading = importlib.import_module("reading.sort")
    importlib.import_module("reading.pdf")
    shut_the_doors()
    say(answers, b"{}")
    while len(head := source.read(4)) == 4:
        content = source.read(struct.unpack(">I", head)[0])
        limit_the_turn(cpu_seconds)
        try:
            plain = reading.read(content).plain()
        except (MemoryError, RecursionError):
            plain = {"form": reading.form_of(content), "fault": "excessive"}
        say(answers, json.dumps(plain).encode())


if __name__ == "__main__":
    limit_the_process(int(sys.argv[2]))
    serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[1]))
