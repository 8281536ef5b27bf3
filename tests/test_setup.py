"""What a clone needs is found or named, and what was started together ends together."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from config import ROOT
from tests.servers import free_port

PATIENCE = 180
"""Seconds; a machine with other work to do may need ten times what a quiet one does."""
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-s3.txt")


# ------------------------------------------------------------------ packages and programs


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_locked_by_digest_and_comes_from_nowhere_in_particular(name: str):
    text = (ROOT / name).read_text()
    packages = re.split(r"\n(?=[a-z0-9])", "\n" + text)[1:]

    assert packages
    assert [p.split()[0] for p in packages if "--hash=sha256:" not in p] == []
    assert "://" not in text
    assert "--index-url" not in text


def test_the_locks_agree_with_each_other():
    pinned: dict[str, str] = {}
    for name in LOCKS:
        for package, version in re.findall(r"^([a-z0-9-]+)(==[^ ]+.*?) \\$", _text(name), re.M):
            marker = f"{package} {version.partition(';')[2]}"
            assert pinned.setdefault(marker, version) == version


def test_missing_programs_are_named_for_every_system(tmp_path: Path):
    found = _run("setup/system", "tests", env={"PATH": str(_bare_machine(tmp_path))})

    assert found.returncode == 1
    for line in ("sudo apt install chromium", "sudo dnf install chromium", "brew install --cask"):
        assert line in found.stderr


def test_a_complete_machine_is_left_alone(tmp_path: Path):
    machine = _bare_machine(tmp_path)
    programs = ("chromium", "initdb", "redis-server", "pdftoppm", "zbarimg", "javac",
                "softhsm2-util", "certutil", "npm")  # fmt: skip
    for program in programs:
        (machine / program).symlink_to("/bin/true")

    found = _run("setup/system", "tests", env={"PATH": str(machine)})

    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


def test_a_python_that_is_too_old_is_refused_with_advice(tmp_path: Path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    (tmp_path / "setup").mkdir()
    shutil.copy(ROOT / "setup/python", tmp_path / "setup")
    (tmp_path / "cat").symlink_to("/bin/cat")

    found = _run(tmp_path / "setup/python", env={"PATH": str(tmp_path)}, cwd=tmp_path)

    assert found.returncode == 1
    assert "Python 3.11 or newer" in found.stderr


# ------------------------------------------------------------------ skipped tests


@pytest.mark.parametrize(("everything", "status"), [("1", 1), ("", 0)])
def test_a_skipped_test_fails_only_where_everything_must_run(
    tmp_path: Path, everything: str, status: int
):
    (tmp_path / "test_it.py").write_text("import pytest\ndef test_it(): pytest.skip('no server')\n")
    (tmp_path / "conftest.py").write_text("pytest_plugins = ['tests.no_skips']\n")

    found = _run(
        sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", tmp_path, tmp_path,
        env=_settings(tmp_path) | {"CONFER_TEST_ALL": everything, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip

    assert found.returncode == status
    assert "no server" in found.stdout or not everything


# ------------------------------------------------------------------ serving


def test_tests_that_share_something_costly_stay_in_one_process(tmp_path: Path):
    (tmp_path / "test_it.py").write_text(
        "import os, pathlib, pytest\n"
        "@pytest.mark.xdist_group('one')\n"
        "@pytest.mark.parametrize('name', 'abcd')\n"
        "def test_it(name): pathlib.Path(name).write_text(str(os.getpid()))\n"
    )
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", "test_it.py"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    assert len({(tmp_path / name).read_text() for name in "abcd"}) == 1


@pytest.mark.slow
def test_a_deployment_says_where_it_is_and_stops_when_told(tmp_path: Path):
    with _served(tmp_path) as (server, port):
        assert _status(port, "/healthz") == 200
        processes = server.children(recursive=True)
        assert len(processes) == 3  # two for the web, one for the jobs

        again = _run(*_serve(port), env=_settings(tmp_path))
        assert again.returncode == 1
        assert f"port {port}" in again.stderr

        server.send_signal(signal.SIGTERM)
        assert server.wait(PATIENCE) == 0
        assert psutil.wait_procs(processes, PATIENCE)[1] == []


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["worker", "web"])
def test_when_one_process_dies_all_end_and_the_status_tells(tmp_path: Path, victim: str):
    with _served(tmp_path) as (server, _port):
        worker, *web = sorted(server.children(), key=lambda process: process.create_time())
        (worker if victim == "worker" else web[0]).kill()

        assert server.wait(PATIENCE) == 1
        assert psutil.wait_procs([worker, *web], PATIENCE)[1] == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_nothing_goes_on_serving_when_the_supervisor_is_killed(tmp_path: Path):
    with _served(tmp_path) as (server, _port):
        processes = server.children(recursive=True)
        server.kill()
        assert psutil.wait_procs(processes, PATIENCE)[1] == []


FAMILY = """
import multiprocessing, os, pathlib, sys
from app.serve import _depend_on_parent

def child(mark, orphaned):
    parent = os.getppid()
    if orphaned:
        os.kill(parent, 9)
        while os.getppid() == parent:
            pass
    _depend_on_parent()
    mark.write_text("goes on")

arguments = pathlib.Path(sys.argv[1]), sys.argv[2] == "orphaned"
process = multiprocessing.get_context("fork").Process(target=child, args=arguments)
process.start()
process.join()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
@pytest.mark.parametrize(("parent", "goes_on"), [("orphaned", False), ("living", True)])
def test_a_process_whose_supervisor_died_before_it_could_ask_does_not_begin(
    tmp_path: Path, parent: str, goes_on: bool
):
    mark = tmp_path / "mark"
    _run(sys.executable, "-c", FAMILY, mark, parent, env=_settings(tmp_path))
    assert mark.exists() == goes_on


HEIRS = """
import multiprocessing, os, pathlib, signal, sys
from app.serve import _depend_on_parent

def child(mark, depends):
    if depends:
        _depend_on_parent()
    mark.with_suffix(".new").write_text(str(os.getpid()))
    mark.with_suffix(".new").rename(mark)
    while True:
        signal.pause()

signal.signal(signal.SIGTERM, lambda *_: None)
mark = pathlib.Path(sys.argv[1])
multiprocessing.get_context("fork").Process(target=child, args=(mark, sys.argv[2] == "1")).start()
while not mark.exists():
    pass
os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
@pytest.mark.parametrize("depends", [True, False])
def test_a_process_that_has_no_handlers_yet_ends_with_its_supervisor_all_the_same(
    tmp_path: Path, depends: bool
):
    mark = tmp_path / "mark"
    command = [sys.executable, "-c", HEIRS, str(mark), str(int(depends))]
    with (tmp_path / "said").open("wb") as said:
        subprocess.run(command, env=_settings(tmp_path), cwd=ROOT, stdout=said, stderr=said,
                       check=False, timeout=PATIENCE)  # fmt: skip
    heir = psutil.Process(int(mark.read_text()))
    if depends:
        assert psutil.wait_procs([heir], PATIENCE)[1] == []
        return
    heir.terminate()  # the control: it inherited a handler that lets it pass
    assert heir.is_running() and heir.status() != psutil.STATUS_ZOMBIE
    heir.kill()


# ------------------------------------------------------------------ steps


def _text(name: str) -> str:
    return (ROOT / name).read_text()


def _run(
    *command: str | Path, env: dict[str, str], cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, command)), env=env, cwd=cwd, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip


def _bare_machine(folder: Path) -> Path:
    """A PATH with a shell and its tools, and none of the programs that the tests need."""
    folder = folder / "bin"
    folder.mkdir()
    for tool in ("bash", "sh", "env", "dirname", "cut", "sort", "paste", "sed", "cat", "python3"):
        found = shutil.which(tool)
        assert found
        (folder / tool).symlink_to(found)
    identity = folder / "id"
    identity.write_text("#!/bin/sh\necho 1000\n")
    identity.chmod(0o755)
    return folder


def _settings(folder: Path) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("CONFER_", "PYTEST_"))}
    return inherited | {"CONFER_VAR": str(folder / "var")}


def _serve(port: int) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(port)]


@contextmanager
def _served(folder: Path) -> Iterator[tuple[psutil.Popen, int]]:
    """A whole deployment with data in the folder, from its being ready."""
    port = free_port()
    server = psutil.Popen(
        _serve(port), cwd=ROOT, env=_settings(folder) | {"PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    family: list[psutil.Process] = []
    try:
        said = []
        for line in server.stdout:
            said.append(line)
            if f"127.0.0.1:{port}" in line:
                break
        else:
            pytest.fail(f"it ended before it was ready:\n{''.join(said)}")
        family = server.children(recursive=True)
        yield server, port
    finally:
        for process in (server, *family):
            if process.is_running():
                process.kill()
        server.stdout.close()
        server.wait(PATIENCE)


def _status(port: int, path: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def test_the_verifiers_of_credentials_are_locked_likewise():
    lock = json.loads((ROOT / "tests" / "verifiers" / "package-lock.json").read_text())
    asked = json.loads((ROOT / "tests" / "verifiers" / "package.json").read_text())
    own, packages = lock["packages"].pop(""), lock["packages"]

    assert own["dependencies"] == asked["dependencies"]
    assert all(re.fullmatch(r"\d+(\.\d+)+", version) for version in asked["dependencies"].values())
    assert [n for n, one in packages.items() if not one["integrity"].startswith("sha512-")] == []
    assert "://" not in json.dumps(lock)
