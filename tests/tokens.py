"""A token to keep keys in: SoftHSM2, with one token made anew for every run."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app import hardware

SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "a pin=of tests"


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A token of the label "office seal" in a folder of its own."""
    assert SOFTHSM.is_file(), "install softhsm2"
    folder = tmp_path_factory.mktemp("tokens")
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder}\nobjectstore.backend = file\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", "office seal", "--pin", PIN,
         "--so-pin", "of the office"],
        check=True, capture_output=True, timeout=30,
    )  # fmt: skip
    yield folder
    if before is None:
        del os.environ["SOFTHSM2_CONF"]


@pytest.fixture
def with_token(stage: Flask, softhsm: Path) -> Iterator[Flask]:
    """The application with the token of the office."""
    settings = stage.config["SETTINGS"]
    stage.config["SETTINGS"] = replace(
        settings, pkcs11_library=str(SOFTHSM), pkcs11_pins=(("office seal", PIN),)
    )
    yield stage
    stage.config["SETTINGS"] = settings
    hardware.close_all()
