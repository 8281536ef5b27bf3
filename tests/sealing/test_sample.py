"""Anybody may see what a sealed diploma looks like: a sample of every design, of one to six."""

from __future__ import annotations

import subprocess

import pytest
from flask import Flask

from app import create_app
from app.designs.catalogue import SHEETS
from app.sealing import revision
from tests.conftest import make_settings
from tests.sealing.papers import pdfsig


def face(path) -> str:
    told = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", str(path), "-"],
        check=True, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return told.stdout


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One without a database: a sample needs none."""
    return create_app(make_settings(tmp_path_factory.mktemp("samples")))


@pytest.mark.slow(20)
@pytest.mark.parametrize("design", list(SHEETS))
@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_a_sample_is_sealed_by_all_and_says_that_it_is_one(app, tmp_path, design, count):
    out = tmp_path / "sample.pdf"
    with app.app_context():
        done = app.test_cli_runner().invoke(
            args=["credentials", "sample", "--societies", str(count), "--name", "Zoë Ångström",
                  "--design", design, "--sealed", "--out", str(out)]
        )  # fmt: skip
    assert done.exit_code == 0, done.output

    sealed = revision.signatures(out.read_bytes())
    assert [one.kind for one in sorted(sealed, key=lambda one: one.covers)] == [
        *["seal"] * count, "timestamp"
    ]  # fmt: skip
    assert [valid for valid, _trusted in pdfsig(out.read_bytes(), tmp_path)] == [True] * count
    shown = face(out)
    assert "SAMPLE" in "".join(shown.split())
    assert "This is a sample: it certifies nothing." in " ".join(shown.split())
