"""What a child may not do: use more than its share, or reach out of its cage."""

import os
import resource
import struct
import sys
from typing import Any, BinaryIO

BARRED = (
    *("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.fork", "os.system"),
    *("os.remove", "os.rename", "os.truncate", "urllib.", "http.", "ftplib."),
)


def limit_the_process(memory: int, written: int = 0) -> None:
    """Bytes of memory, and of the largest file that it may write."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_the_turn(cpu_seconds: int) -> None:
    """The limit counts from the start of the process, so each turn moves it on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    spent = int(used.ru_utime + used.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (spent + cpu_seconds, hard))


def shut_the_doors(*readable: str, barred: tuple[str, ...] = ()) -> None:
    """From here on Python opens no socket, no program, and no file but libraries and these."""
    homes = tuple(
        os.path.realpath(home) + os.sep
        for home in (*sys.path, sys.prefix, sys.base_prefix, *readable)
        if home
    )
    shut = (*BARRED, *barred)

    def door(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _mode, flags = arguments
            reading = not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if isinstance(path, bytes):
                path = os.fsdecode(path)
            if isinstance(path, str) and not (reading and os.path.realpath(path).startswith(homes)):
                raise PermissionError("No files are opened here.")
        elif event.startswith(shut) and event != "urllib.Request":
            raise PermissionError("There is no network here, and no programs.")

    sys.addaudithook(door)


def say(out: BinaryIO, body: bytes) -> None:
    """A message to the parent: its length in four bytes, and itself."""
    out.write(struct.pack(">I", len(body)) + body)
    out.flush()
