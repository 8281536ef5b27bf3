"""Reading a stranger's file in a process apart, with a lid on its time and memory.

Whatever a file may do to the libraries that read it, it ends as facts with a fault, never as an
error of ours; the next file is read by a fresh process.
"""

from __future__ import annotations

import json
import struct
import sys
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.cage import Process
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
        self._process: Process | None = None
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
        if process is not None:
            process.end()

    def _exchange(self, content: bytes) -> dict[str, Any] | None:
        process = self._living()
        self._files += 1
        answer = process.ask(struct.pack(">I", len(content)) + content, self._seconds)
        return json.loads(answer) if answer is not None else None

    def _living(self) -> Process:
        if self._process is not None and self._process.is_alive:
            return self._process
        self.close()
        self._files = 0
        process = self._process = Process(
            [sys.executable, "-I", str(CHILD), str(self._cpu_seconds), str(self._memory)],
            environment={"LANG": "C.UTF-8"},
        )
        if process.hear(START_SECONDS) is None:
            raise RuntimeError("the process that reads files does not start")
        return process


@lru_cache(maxsize=1)
def reader() -> Reader:
    """This process's reader."""
    return Reader()
