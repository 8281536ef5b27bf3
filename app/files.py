"""Files by content: `keep(bytes)` answers the SHA-256 under which they can be read again.

A file is written beside its place, synced, then renamed, so that a name never shows half a file.
The store is a folder, or any fsspec address (S3) by one setting.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Protocol, cast

import fsspec
from flask import Flask, current_app
from werkzeug.local import LocalProxy

from app.clock import now
from app.jobs import chore


class Missing(Exception):
    """No file is kept under this digest."""


class Store(Protocol):
    def keep(self, content: bytes) -> str: ...
    def read(self, digest: str) -> bytes: ...
    def remove(self, digest: str) -> None: ...
    def is_writable(self) -> bool: ...
    def tidy(self, *, before: float) -> int: ...


def digest_of(content: bytes) -> str:
    """SHA-256, lower-case hexadecimal."""
    return hashlib.sha256(content).hexdigest()


class Folder:
    """A folder on a local disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.half_written = root / ".half-written"
        self.half_written.mkdir(parents=True, exist_ok=True)

    def _path(self, digest: str) -> Path:
        return self.root / digest[:2] / digest[2:]

    def keep(self, content: bytes) -> str:
        digest = digest_of(content)
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.half_written, delete=False) as file:
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                os.replace(file.name, path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        _sync(path.parent)
        _sync(self.root)
        return digest

    def read(self, digest: str) -> bytes:
        try:
            return self._path(digest).read_bytes()
        except FileNotFoundError:
            raise Missing(digest) from None

    def remove(self, digest: str) -> None:
        self._path(digest).unlink(missing_ok=True)

    def is_writable(self) -> bool:
        return os.access(self.root, os.W_OK)

    def tidy(self, *, before: float) -> int:
        """Remove what a killed process left half written before a moment (seconds since 1970)."""
        old = [p for p in self.half_written.iterdir() if p.stat().st_mtime < before]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)


class Remote:
    """Any fsspec file system, such as S3: one put writes a whole object or nothing."""

    def __init__(self, url: str) -> None:
        self.fs, self.root = fsspec.core.url_to_fs(url)

    def _path(self, digest: str) -> str:
        return f"{self.root.rstrip('/')}/{digest[:2]}/{digest[2:]}"

    def keep(self, content: bytes) -> str:
        digest = digest_of(content)
        if not self.fs.exists(self._path(digest)):
            self.fs.makedirs(f"{self.root.rstrip('/')}/{digest[:2]}", exist_ok=True)
            self.fs.pipe_file(self._path(digest), content)
        return digest

    def read(self, digest: str) -> bytes:
        try:
            return cast(bytes, self.fs.cat_file(self._path(digest)))
        except FileNotFoundError:
            raise Missing(digest) from None

    def remove(self, digest: str) -> None:
        if self.fs.exists(self._path(digest)):
            self.fs.rm_file(self._path(digest))

    def is_writable(self) -> bool:
        probe = f"{self.root.rstrip('/')}/.writable"
        self.fs.pipe_file(probe, b"")
        self.fs.rm_file(probe)
        return True

    def tidy(self, *, before: float) -> int:
        return 0  # an object is put whole or not at all


class Waiting:
    """Files beside the kept ones that came with a form and belong to no row yet."""

    def __init__(self, root: str) -> None:
        self.fs, self.root = fsspec.core.url_to_fs(root)

    def _path(self, digest: str) -> str:
        return f"{self.root.rstrip('/')}/{digest}"

    def keep(self, content: bytes) -> str:
        """Write it anew also when it is there: from now on it waits for its whole time again."""
        digest = digest_of(content)
        self.fs.makedirs(self.root, exist_ok=True)
        self.fs.pipe_file(self._path(digest), content)
        return digest

    def read(self, digest: str) -> bytes:
        try:
            content = cast(bytes, self.fs.cat_file(self._path(digest)))
        except FileNotFoundError:
            raise Missing(digest) from None
        if digest_of(content) != digest:
            raise Missing(digest)
        return content

    def tidy(self, *, before: float) -> int:
        """Remove what was abandoned before a moment (seconds since 1970)."""
        if not self.fs.exists(self.root):
            return 0
        gone = 0
        for path in self.fs.find(self.root):
            with suppress(FileNotFoundError):  # another worker removes it at the same time
                if self.fs.modified(path).timestamp() < before:
                    self.fs.rm_file(path)
                    gone += 1
        return gone


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def init_app(app: Flask) -> None:
    url = app.config["SETTINGS"].files_url
    app.extensions["files"] = Folder(Path(url)) if "://" not in url else Remote(url)
    app.extensions["waiting files"] = Waiting(f"{url.rstrip('/')}/.waiting")


@chore("files.tidy")
def tidy() -> None:
    """A day later nobody writes on what is half written, nor takes in what still waits."""
    files.tidy(before=now().timestamp() - 86_400)
    waiting.tidy(before=now().timestamp() - 86_400)


files = cast(Store, LocalProxy(lambda: current_app.extensions["files"]))
waiting = cast(Waiting, LocalProxy(lambda: current_app.extensions["waiting files"]))
