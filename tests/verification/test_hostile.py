"""Hostile files: each is answered, within its time and memory, and the next is read as well."""

from __future__ import annotations

import os
import resource
import signal
from pathlib import Path

import pytest

from app.files import digest_of
from app.verification.apart import CPU_SECONDS, MEMORY, Reader
from app.verification.judgement import File
from app.verification.judging import judge
from tests.verification.hostile import corpus, pdf
from tests.verification.test_seals import honest


@pytest.fixture(scope="module")
def apart():
    reader = Reader()
    yield reader
    reader.close()


@pytest.mark.slow(60)
def test_every_hostile_file_is_answered_within_its_time_and_memory(apart):
    answered, wrong = 0, []
    for name, content in corpus():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        facts = apart.read(content)
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)  # counts a child that was ended
        cpu = spent.ru_utime + spent.ru_stime - before.ru_utime - before.ru_stime
        judged = judge(facts, keys={}, required=(), is_on_record=False)
        if judged.file is not File.UNKNOWN or facts.digest != digest_of(content):
            wrong.append((name, judged.file))
        if cpu > CPU_SECONDS + 4:  # with its start, and what it read before
            wrong.append((name, cpu))
        answered += 1
    assert wrong == []
    assert answered >= 100
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < MEMORY / 1024


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
    import sys

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
