"""Processes of their own for what strangers write: with a lid on time, memory and files.

Whatever a page or a file may do to the libraries that work on it, it ends the process at worst. The
parent's side stands here; `inside/` is what the child is started with.
"""

from __future__ import annotations

import struct
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO


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
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
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
        try:
            with self._deadline(seconds):
                stdin = _pipe(self._process.stdin)
                stdin.write(message)
                stdin.flush()
                return self._heard()
        except OSError:
            return None

    def hear(self, seconds: float) -> bytes | None:
        """What it says unasked, such as that it is ready."""
        with self._deadline(seconds):
            return self._heard()

    def _heard(self) -> bytes | None:
        stdout = _pipe(self._process.stdout)
        if len(head := stdout.read(4)) < 4:
            return None
        length = struct.unpack(">I", head)[0]
        body = stdout.read(length)
        return body if len(body) == length else None

    def end(self) -> None:
        if self.is_alive:
            self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # it may have died with half a message in the pipe
                _pipe(pipe).close()
        self._process.wait()

    @contextmanager
    def _deadline(self, seconds: float) -> Iterator[None]:
        """Kills the process when its time is up, so that whoever waits for it wakes up."""

        def late() -> None:
            self.overdue = True
            self._process.kill()

        timer = threading.Timer(seconds, late)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe
