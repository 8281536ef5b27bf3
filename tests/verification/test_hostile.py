"""Hostile files: each is answered, within its time and memory, and the next is read as well."""

from __future__ import annotations

import os
import re
import resource
import signal
import sys
from pathlib import Path

import pytest

from app.files import digest_of
from app.verification.apart import CPU_SECONDS, MEMORY, Reader
from app.verification.judgement import File
from app.verification.judging import judge
from tests.hostile_files import everything
from tests.verification.hostile import corpus, pdf
from tests.verification.test_seals import honest


@pytest.fixture(scope="module")
def apart():
    reader = Reader()
    yield reader
    reader.close()


@pytest.mark.slow(60)
def test_every_hostile_file_is_answered_within_its_time_and_memory(apart):
    answered, most, wrong = 0, 0, []
    for name, content in everything().items():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        facts = apart.read(content)
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)  # counts a child that was ended
        cpu = spent.ru_utime + spent.ru_stime - before.ru_utime - before.ru_stime
        judged = judge(facts, keys={}, required=(), is_on_record=False)
        if judged.file is not File.UNKNOWN or facts.digest != digest_of(content):
            wrong.append((name, judged.file))
        if cpu > CPU_SECONDS + 4:  # with its start, and what it read before
            wrong.append((name, cpu))
        answered, most = answered + 1, max(most, peak(apart))
    assert wrong == []
    assert answered >= 400
    assert most < MEMORY


def peak(reader: Reader) -> int:
    """The most memory that the process has had, in bytes; what it had as a copy of ours is not its.

    One that was ended has met its lid. Other systems than Linux tell this only of all children.
    """
    if sys.platform != "linux" or reader._process is None:
        return 0
    told = Path(f"/proc/{reader._process.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", told)
    return int(found[1]) * 1024 if found else 0


def test_after_a_file_that_ends_its_process_an_honest_one_is_read_as_ever(apart):
    facts = Reader(seconds=0.01).read(corpus_of("a million objects"))
    assert facts.fault == "excessive"
    assert len(apart.read(honest()).seals) == 2


def test_a_reader_whose_process_was_killed_starts_another():
    reader = Reader()
    reader.read(pdf(b"<<>>"))
    os.kill(pid := reader._process.pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert len(reader.read(honest()).seals) == 2
    reader.close()


def test_the_process_has_no_network_and_no_files_but_libraries(apart, tmp_path):
    """Asked of the doors themselves: what is behind them cannot be opened from inside."""
    import subprocess

    from app.verification.apart import CHILD

    script = (
        f"import sys; sys.path.insert(0, {str(CHILD.parent)!r}); import child; "
        "child.shut_the_doors()\n"
        "for attempt in (lambda: open('/etc/passwd'), lambda: open('x', 'w'), "
        "lambda: __import__('socket').create_connection(('127.0.0.1', 1)), "
        "lambda: __import__('os').system('true')):\n"
        "    try:\n        attempt()\n        print('open')\n"
        "    except PermissionError:\n        print('shut')\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", script], capture_output=True, text=True, cwd=tmp_path,
        timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout.split() == ["shut"] * 4, done.stderr
    assert list(Path(tmp_path).iterdir()) == []


def corpus_of(name: str) -> bytes:
    return next(content for title, content in corpus() if title == name)


def test_a_visitor_who_drops_one_reads_a_page(browser):
    browser.visit("/verify")
    content = corpus_of("a million objects")
    page = browser.submit("/verify/file", file=(content, "diploma.pdf"), status=200)
    assert "not issued here" in page.text
