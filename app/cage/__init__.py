"""Processes of their own for what strangers write: with a lid on time, memory and files.

Whatever a page or a file may do to the libraries that work on it, it ends the process at worst. The
parent's side stands here; `inside/` is what the child is started with.
"""

from __future__ import annotations

import os
import select
import struct
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

HEAD = struct.Struct(">I")
AT_ONCE = 1 << 16


class _Ended(Exception):
    """The process is gone, or was late and is ended."""


class Process:
    """A child that takes messages and answers each; one that is late is killed."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path | None = None,
    ) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        for pipe in self._pipes:
            os.set_blocking(pipe.fileno(), False)
        self.overdue = False
        """Whether it was killed for taking too long."""

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    @property
    def status(self) -> int | None:
        """How it ended: the number of a signal below zero."""
        return self._process.returncode

    def ask(self, message: bytes, seconds: float) -> bytes | None:
        """Its answer, or nothing when it ended; hearing us and answering may take so long."""
        late = time.monotonic() + seconds
        try:
            self._say(message, late)
            return self._hear(late)
        except (_Ended, OSError):
            return None

    def hear(self, seconds: float) -> bytes | None:
        """What it says unasked, such as that it is ready."""
        try:
            return self._hear(time.monotonic() + seconds)
        except (_Ended, OSError):
            return None

    def end(self) -> None:
        if self.is_alive:
            self._process.kill()
        for pipe in self._pipes:
            with suppress(OSError):  # it may have died with half a message in the pipe
                pipe.close()
        self._process.wait()

    @property
    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        """What we write to, and what we read from."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        return stdin, stdout

    def _say(self, message: bytes, late: float) -> None:
        pipe, rest = self._pipes[0].fileno(), memoryview(message)
        while rest:
            self._wait(pipe, select.POLLOUT, late)
            rest = rest[os.write(pipe, rest) :]

    def _hear(self, late: float) -> bytes:
        (length,) = HEAD.unpack(self._read(HEAD.size, late))
        return self._read(length, late)

    def _read(self, length: int, late: float) -> bytes:
        pipe, parts = self._pipes[1].fileno(), list[bytes]()
        while length:
            self._wait(pipe, select.POLLIN, late)
            parts.append(os.read(pipe, min(length, AT_ONCE)))
            if not parts[-1]:
                raise _Ended
            length -= len(parts[-1])
        return b"".join(parts)

    def _wait(self, pipe: int, event: int, late: float) -> None:
        """Until the pipe is ready; when its time is up the process is killed."""
        poll = select.poll()
        poll.register(pipe, event)
        if not poll.poll(max(0, 1000 * (late - time.monotonic()))):
            self.overdue = True
            self._process.kill()
            raise _Ended
