"""What the child may not do: use more than its share, or reach out of its cage."""

import os
import resource
import sys
from typing import Any

MOST_BYTES = 32 << 20


def limit_the_process(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_the_page(cpu_seconds: int) -> None:
    """The limit counts from the start of the process, so each page moves it on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    spent = int(used.ru_utime + used.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (spent + cpu_seconds, hard))


def shut_the_doors(typefaces: str) -> None:
    """From here on Python opens no socket, no program and no file but libraries and typefaces."""
    homes = tuple(
        os.path.realpath(home) + os.sep
        for home in (*sys.path, sys.prefix, sys.base_prefix, typefaces)
        if home
    )
    barred = (
        *("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.fork", "os.system"),
        *("os.remove", "os.rename", "os.truncate", "ctypes.", "urllib.", "http.", "ftplib."),
    )

    def door(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            reading = not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if isinstance(path, bytes):
                path = os.fsdecode(path)
            if isinstance(path, str) and not (reading and os.path.realpath(path).startswith(homes)):
                raise PermissionError("The press opens no files.")
        elif event.startswith(barred) and event != "urllib.Request":
            raise PermissionError("The press has no network.")

    sys.addaudithook(door)
