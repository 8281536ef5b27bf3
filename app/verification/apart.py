"""Reading a stranger's file in a process apart, with a lid on its time and memory.

Whatever a file may do to the libraries that read it, it ends as facts with a fault, never as an
error of ours; the next file is read by a fresh process.
"""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.files import digest_of
from app.verification.reading.facts import Facts
from app.verification.reading.sort import form_of

CHILD = Path(__file__).with_name("reading") / "child.py"
MEMORY = 448 << 20
CPU_SECONDS = 5
SECONDS = 12.0
START_SECONDS = 60.0
WAIT_SECONDS = 20.0
FILES_PER_CHILD = 100


class Occupied(Exception):
    """Too many files wait to be read."""


class Reader:
    """One reading process, started when needed and renewed now and then; safe among threads."""

    def __init__(self, *, seconds: float = SECONDS, cpu_seconds: int = CPU_SECONDS,
                 memory: int = MEMORY) -> None:  # fmt: skip
        self._seconds, self._cpu_seconds, self._memory = seconds, cpu_seconds, memory
        self._place = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._files = 0

    def read(self, content: bytes) -> Facts:
        """The facts of a file; one that takes too much has the fault `excessive`."""
        if not self._place.acquire(timeout=WAIT_SECONDS):
            raise Occupied
        try:
            plain = self._exchange(content)
            if plain is None or self._files >= FILES_PER_CHILD:
                self.close()
        finally:
            self._place.release()
        if plain is None or "digest" not in plain:
            return Facts(form=form_of(content), fault="excessive", digest=digest_of(content),
                         size=len(content))  # fmt: skip
        return Facts.of(plain)

    def close(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()
        process.wait()

    def _exchange(self, content: bytes) -> dict[str, Any] | None:
        process = self._living()
        self._files += 1
        stdin = process.stdin
        assert stdin is not None
        timer = threading.Timer(self._seconds, process.kill)
        timer.daemon = True
        timer.start()
        try:
            stdin.write(struct.pack(">I", len(content)) + content)
            stdin.flush()
            return _answer(process)
        except OSError:
            return None
        finally:
            timer.cancel()

    def _living(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        self._files = 0
        process = self._process = subprocess.Popen(
            [sys.executable, "-I", str(CHILD), str(self._cpu_seconds), str(self._memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LANG": "C.UTF-8"},
            start_new_session=True,
        )
        timer = threading.Timer(START_SECONDS, process.kill)
        timer.daemon = True
        timer.start()
        try:
            if _answer(process) is None:
                raise RuntimeError("the process that reads files does not start")
        finally:
            timer.cancel()
        return process


def _answer(process: subprocess.Popen[bytes]) -> dict[str, Any] | None:
    stdout = process.stdout
    assert stdout is not None
    head = stdout.read(4)
    if len(head) < 4:
        return None
    body = stdout.read(length := struct.unpack(">I", head)[0])
    return json.loads(body) if len(body) == length else None


@lru_cache(maxsize=1)
def reader() -> Reader:
    """This process's reader."""
    return Reader()
