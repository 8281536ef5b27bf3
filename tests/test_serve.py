"""Starting the server: nothing it does beside forking can leave a process hanging."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
ASK = """
import socket, sys, threading
from types import SimpleNamespace
from app import serve
import wsgi

door = socket.create_server(("127.0.0.1", 0))

def answer():
    connection, _ = door.accept()
    connection.recv(9999)
    connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n")
    connection.close()

threading.Thread(target=answer, daemon=True).start()
if sys.argv[1] == "prepared":
    with wsgi.app.app_context():
        serve._prepare_to_fork()
before = set(sys.modules)
company = SimpleNamespace(is_stopping=threading.Event())
settings = SimpleNamespace(public_url="http://localhost")
assert serve._answers("127.0.0.1", door.getsockname()[1], settings, company)
print(*sorted(set(sys.modules) - before))
"""


def imported_while_asking(var: Path, how: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", ASK, how], cwd=ROOT, capture_output=True, text=True, timeout=120,
        check=False,
        env={"PATH": "", "CONFER_VAR": str(var)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_asking_whether_the_pages_answer_imports_nothing_that_a_fork_could_catch_half_done(
    tmp_path: Path,
) -> None:
    assert imported_while_asking(tmp_path, "prepared") == []


def test_without_the_preparation_it_would(tmp_path: Path) -> None:
    assert "encodings.idna" in imported_while_asking(tmp_path, "unprepared")
