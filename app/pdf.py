"""The press: turns a page of HTML into a PDF in a process of its own.

A sheet is set by a child process with a lid on time, memory and files, without network and without
sight of the disk. Whatever a text may do to the typesetting, it ends as `Unprintable` with a
reason in plain words, and the next sheet is set by a fresh child.
"""

import json
import os
import queue
import shutil
import signal
import struct
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from app.cage import Process

CHILD = Path(__file__).with_name("press_child")
TYPEFACES = Path(__file__).with_name("typefaces")
LIBRARY_PATHS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
MOST_HTML = 2 << 20
MOST_ATTACHED = 4 << 20
START_SECONDS = 60.0
ATTEMPTS = 2
TOO_MUCH = "Setting this page took more time or memory than a page may take."


@dataclass(frozen=True)
class Attachment:
    """A file that the PDF carries within it."""

    name: str
    content: bytes
    description: str


@dataclass(frozen=True)
class SealField:
    """An empty place for a seal: its name in the file, and what a reader is told about it."""

    name: str
    label: str


class Unprintable(Exception):
    """This text cannot become a PDF; the message says why in words for a reader."""


class _Gone(Exception):
    """The process was ended from outside, through no fault of the page."""


class _Child:
    """One typesetting process: takes an order, answers with a verdict and bytes."""

    def __init__(self, scratch: Path, cpu_seconds: int, memory: int) -> None:
        environment = {
            "FONTCONFIG_FILE": str(scratch / "fonts.conf"),
            "HOME": str(scratch),
            "TMPDIR": str(scratch),
            "XDG_CACHE_HOME": str(scratch),
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "PATH": os.defpath,
            **{name: os.environ[name] for name in LIBRARY_PATHS if name in os.environ},
        }
        self.process = Process(
            [sys.executable, "-I", str(CHILD), str(cpu_seconds), str(memory), str(TYPEFACES)],
            environment=environment,
            folder=scratch,
        )
        self.sheets = 0
        ready = self.process.hear(START_SECONDS)
        if ready != b"+":
            self.process.end()
            why = (ready or b"")[1:].decode()
            raise Unprintable(why or "The typesetting program did not start.")

    def set(self, order: bytes, seconds: float) -> bytes:
        self.sheets += 1
        answer = self.process.ask(order, seconds)
        if answer is not None and answer[:1] == b"+":
            return answer[1:]
        if answer is not None:
            raise Unprintable(answer[1:].decode())
        self.process.end()
        if self.process.status == -signal.SIGKILL and not self.process.overdue:
            raise _Gone
        raise Unprintable(TOO_MUCH)


def _order(html: str, attachments: Sequence[Attachment], seal_fields: Sequence[SealField]) -> bytes:
    """What the child is sent: parts that each say how long they are, the page first."""
    page = html.encode("utf-8", "replace")
    if len(page) > MOST_HTML:
        raise Unprintable("This page holds more text than a page may hold.")
    if sum(len(attachment.content) for attachment in attachments) > MOST_ATTACHED:
        raise Unprintable("More is attached to this page than a page may carry.")
    slip = {
        "attachments": [[one.name, one.description] for one in attachments],
        "seal_fields": [[field.name, field.label] for field in seal_fields],
    }
    parts = [page, json.dumps(slip).encode(), *(one.content for one in attachments)]
    return struct.pack(">I", len(parts)) + b"".join(
        struct.pack(">I", len(part)) + part for part in parts
    )


class Press:
    """A few typesetting processes, started when needed and renewed now and then.

    Safe to share between threads; use it as a context manager or call `close`.
    """

    def __init__(
        self,
        scratch: Path | None = None,
        *,
        workers: int = 1,
        sheets_per_child: int = 2_000,
        seconds: float = 20.0,
        cpu_seconds: int = 10,
        memory: int = 1 << 30,
    ) -> None:
        self._scratch = Path(scratch) if scratch else Path(tempfile.mkdtemp(prefix="press-"))
        self._owns_scratch = scratch is None
        self._sheets_per_child = sheets_per_child
        self._seconds = seconds
        self._cpu_seconds = cpu_seconds
        self._memory = memory
        self._places: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(workers):
            self._places.put(None)
        self._workers = workers
        self._lay_out_fonts()

    def typeset(
        self,
        html: str,
        *,
        attachments: Sequence[Attachment] = (),
        seal_fields: Sequence[SealField] = (),
    ) -> bytes:
        """The PDF of one HTML document: the same order gives the same bytes."""
        order = _order(html, attachments, seal_fields)
        child = self._places.get()
        try:
            for _ in range(ATTEMPTS):
                child = self._living(child)
                try:
                    return child.set(order, self._seconds)
                except _Gone:
                    continue
            raise Unprintable(TOO_MUCH)
        finally:
            self._places.put(self._kept(child))

    def warm_up(self) -> None:
        """Starts a process ahead of the first sheet."""
        child = self._places.get()
        try:
            child = self._living(child)
        finally:
            self._places.put(child)

    def _living(self, child: _Child | None) -> _Child:
        if child and child.process.is_alive:
            return child
        if child:
            child.process.end()
        return _Child(self._scratch, self._cpu_seconds, self._memory)

    def _kept(self, child: _Child | None) -> _Child | None:
        """A child for its next sheet, unless it is dead or has set enough."""
        if child and (child.sheets >= self._sheets_per_child or not child.process.is_alive):
            child.process.end()
            return None
        return child

    def pids(self) -> list[int]:
        """The processes that are waiting for work."""
        return [child.process.pid for child in list(self._places.queue) if child]

    def close(self) -> None:
        for _ in range(self._workers):
            if child := self._places.get():
                child.process.end()
        for _ in range(self._workers):
            self._places.put(None)
        if self._owns_scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _lay_out_fonts(self) -> None:
        """Only our own faces exist for the child: a sheet looks the same on every machine."""
        self._scratch.mkdir(parents=True, exist_ok=True)
        self._scratch = self._scratch.resolve()
        template = (TYPEFACES / "fonts.conf").read_text()
        filled = template.replace("@faces@", str(TYPEFACES)).replace("@cache@", str(self._scratch))
        target = self._scratch / "fonts.conf"
        if not target.exists() or target.read_text() != filled:
            half = self._scratch / f"fonts.conf.{os.getpid()}.{threading.get_ident()}"
            half.write_text(filled)
            half.replace(target)
