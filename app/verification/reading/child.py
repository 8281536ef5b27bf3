"""The process that reads files of strangers: one after the other, until the pipe closes.

Started by path, alone and in isolated mode, so it knows nothing of the app. It may read its own
libraries; it may not open a socket, start a program or read anything else.
"""

import importlib
import json
import os
import resource
import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO


def limit_the_process(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_the_file(cpu_seconds: int) -> None:
    """The limit counts from the start of the process, so each file moves it on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    spent = int(used.ru_utime + used.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (spent + cpu_seconds, hard))


def shut_the_doors() -> None:
    """From here on Python opens no socket, no program and no file but its libraries."""
    homes = tuple(
        os.path.realpath(home) + os.sep for home in (*sys.path, sys.prefix, sys.base_prefix) if home
    )
    barred = (
        *("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.fork", "os.system"),
        *("os.remove", "os.rename", "os.truncate", "urllib.", "http.", "ftplib."),
    )

    def door(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _mode, flags = arguments
            reading = not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if isinstance(path, bytes):
                path = os.fsdecode(path)
            if isinstance(path, str) and not (reading and os.path.realpath(path).startswith(homes)):
                raise PermissionError("no file but libraries")
        elif event.startswith(barred):
            raise PermissionError("no network and no programs")

    sys.addaudithook(door)


def serve(source: BinaryIO, answers: BinaryIO, cpu_seconds: int) -> None:
    reading = importlib.import_module("reading.sort")
    importlib.import_module("reading.pdf")
    shut_the_doors()
    _answer(answers, {"ready": True})
    while len(head := source.read(4)) == 4:
        content = source.read(struct.unpack(">I", head)[0])
        limit_the_file(cpu_seconds)
        try:
            plain = reading.read(content).plain()
        except (MemoryError, RecursionError):
            plain = {"form": reading.form_of(content), "fault": "excessive"}
        _answer(answers, plain)


def _answer(answers: BinaryIO, plain: dict[str, Any]) -> None:
    body = json.dumps(plain).encode()
    answers.write(struct.pack(">I", len(body)) + body)
    answers.flush()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    limit_the_process(int(sys.argv[2]))
    serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[1]))
