"""Whoever kept a head checks without the platform that the log only grew since then."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.clock import now
from app.credentials.withholding import withdraw
from app.transparency import continuity, heads, notes
from app.transparency.commands import log as commands
from tests.cast import in_error

ROOT = Path(__file__).parents[2]


@pytest.fixture
def kept(session, browser, diplomas, log, erik, societies, tmp_path):
    """An older head, a newer one, the proof, and the statement of all three, as downloaded."""
    older = log()
    heads.countersign(session, older, societies.eusomii, by=erik, at=now())
    withdraw(session, diplomas[0], in_error(erik, societies.eusomii))
    newer = log()
    old, new = older.size, newer.size
    texts = {"head.txt": notes.note_of(older), "key.pem": newer.key.public_key}
    for name, address in (
        ("old.json", f"/log/head?size={old}"),
        ("new.json", "/log/head"),
        ("proof.json", f"/log/consistency?from={old}&to={new}"),
        ("whole.json", f"/log/heads/{old}/growth?to={new}"),
    ):
        texts[name] = browser.visit(address).response.get_data(as_text=True)
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def ask(stage, folder, *names):
    options = [one if one.startswith("-") else str(folder / one) for one in names]
    return stage.test_cli_runner().invoke(commands, ["check", *options])


def test_three_files_or_one_show_that_the_log_only_grew(stage, kept):
    for names in (
        ("old.json", "new.json", "proof.json"),
        ("whole.json",),
        ("whole.json", "--key", "key.pem"),
        ("head.txt", "new.json", "proof.json", "--key", "key.pem"),
    ):
        answer = ask(stage, kept, *names)
        assert answer.exit_code == 0, answer.output
        assert "nothing in it was altered" in answer.output


def test_no_database_is_asked(kept):
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "log", "check"]
    elsewhere = {
        "PATH": os.defpath,
        "CONFER_VAR": str(kept / "var"),
        "CONFER_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    }
    done = subprocess.run(
        [*command, str(kept / "whole.json")], cwd=ROOT, env=elsewhere, capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "continues" in done.stdout


def test_another_log_another_key_and_a_forged_proof_are_named(stage, kept):
    whole = json.loads((kept / "whole.json").read_text())
    old, new = continuity.head_of(whole["from"]), continuity.head_of(whole["to"])
    path, key = continuity.path_of(whole), old.key
    assert continuity.check(old, new, path, log_key=key) == []
    assert "It is not proved" in continuity.check(old, new, path[:-1], log_key=key)[0]
    assert "larger log" in continuity.check(new, old, path, log_key=key)[0]
    size = f"\n{old.head.size}\n"
    rewritten = {**whole["from"], "head": whole["from"]["head"].replace(size, "\n3\n")}
    reasons = continuity.check(continuity.head_of(rewritten), new, path, log_key=key)
    assert reasons[0] == "The head of 3 entries is not signed with the key of the log."
    assert "The countersignature of European Society" in reasons[1]
    answer = ask(stage, kept, "new.json", "old.json", "proof.json")
    assert answer.exit_code == 1 and "name the older one first" in answer.output


@pytest.mark.parametrize(
    "text",
    ["{", "[" * 100_000, "{}", '{"from": 1, "to": 2, "path": []}', "nothing", '{"path": ["x"]}',
     '{"from": {"head": 1}, "to": {}, "path": 5}', "[]", "[1]", "\u2014", '{"leaves": 3}'],
)  # fmt: skip
def test_what_is_no_proof_is_answered_in_words(stage, kept, text):
    (kept / "bad.json").write_text(text, encoding="utf-8")
    for names in (
        ("bad.json",), ("bad.json", "--key", "key.pem"), ("bad.json", "new.json", "proof.json"),
        ("old.json", "bad.json", "proof.json"), ("old.json", "new.json", "bad.json"),
        ("whole.json", "--key", "bad.json"),
    ):  # fmt: skip
        answer = ask(stage, kept, *names)
        assert answer.exit_code == 1, (names, answer.output)
        assert isinstance(answer.exception, SystemExit) and answer.output.strip()


def test_heads_that_were_never_signed_have_no_statement(browser, kept):
    assert browser.visit("/log/heads/1/growth", status=404).response.json["reason"]
