"""The story of the main job, told from an empty database by one command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app import create_app, db
from app.files import digest_of
from tests.conftest import make_settings

pytestmark = pytest.mark.slow(15)


def test_the_story_is_told_with_a_proof_at_every_step(tmp_path: Path):
    app = create_app(make_settings(tmp_path / "deployment"))
    answer = app.test_cli_runner().invoke(
        args=["demo", "story", "--out", str(tmp_path / "out"), "--json"]
    )

    told = json.loads(answer.stdout)
    assert answer.exit_code == 0, told
    assert told["holds"]
    steps = {step["step"]: step["facts"] for step in told["steps"]}
    assert steps["presence"]["people"] == 42
    assert steps["presence"]["differences"] == {}
    assert (steps["first key"]["diplomas"], steps["second key"]["diplomas"]) == (0, 1)
    for kind in ("certificate", "diploma"):
        content = Path(told["files"][kind]).read_bytes()
        assert content.startswith(b"%PDF")
        assert digest_of(content) == steps[kind]["sha256"]
    assert not (tmp_path / "deployment" / "confer.db").exists(), "the deployment was touched"
    with app.app_context():
        db.db.engine.dispose()


def test_a_proof_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The negative control: with a wrong oracle the command says so and ends with status 1."""
    from app.demo import story

    monkeypatch.setattr(story, "oracle", lambda: {"learner036@hospital.example": 1})
    app = create_app(make_settings(tmp_path / "deployment"))
    answer = app.test_cli_runner().invoke(args=["demo", "story", "--out", str(tmp_path), "--json"])

    told = json.loads(answer.stdout)
    assert answer.exit_code == 1
    assert [step["step"] for step in told["steps"] if not step["holds"]] == ["presence"]
