"""Verifiers that others wrote, asked about what the platform serves; none of them is ours.

`npm ci` in this folder installs those of JavaScript, in the versions of `package-lock.json`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

FOLDER = Path(__file__).parent
Document = dict[str, Any]


def ask_node(cases: list[Document], jwts: list[Document] | None = None) -> Document:
    """What @digitalbazaar/vc, @digitalcredentials/vc and jose say."""
    node = shutil.which("node")
    if node is None or not (FOLDER / "node_modules" / "@digitalbazaar").is_dir():
        pytest.skip("the JavaScript verifiers are not installed: `npm ci` in tests/verifiers")
    done = subprocess.run(
        [node, "verify.mjs"],
        input=json.dumps({"cases": cases, "jwts": jwts or []}),
        capture_output=True,
        text=True,
        cwd=FOLDER,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: Document = json.loads(done.stdout)
    return answer


def ask_openbadgeslib(credential: Document, documents: Mapping[str, Any], *, status: bool) -> str:
    """What openbadgeslib says: nothing when it accepts the credential, else why not."""
    from openbadgeslib.ob3.ldp import OB3LdpVerifier

    try:
        OB3LdpVerifier.for_issuer_did(credential["issuer"]["id"]).verify(
            credential, download=download_from(documents), check_status=status
        )
    except Exception as reason:
        return f"{type(reason).__name__}: {reason}"
    return ""


def ask_openbadgeslib_jwt(text: str, issuer: str, documents: Mapping[str, Any]) -> str:
    from openbadgeslib.ob3.verifier import OB3Verifier

    download = download_from(documents)
    try:
        OB3Verifier.for_issuer_did(issuer, download=download).verify(text, download=download)
    except Exception as reason:
        return f"{type(reason).__name__}: {reason}"
    return ""


def download_from(documents: Mapping[str, Any]) -> Any:
    """Fetching as openbadgeslib asks for it, out of what is handed in."""

    def download(url: str, *_args: object, **_more: object) -> bytes:
        found = documents.get(url) or documents.get(did_at(url))
        if found is None:
            raise OSError(f"not handed in: {url}")
        return found.encode() if isinstance(found, str) else json.dumps(found).encode()

    return download


def did_at(url: str) -> str:
    """The did:web that resolves to an address."""
    parts = urlsplit(url)
    path = parts.path.removesuffix("/did.json").strip("/").replace("/", ":")
    return "did:web:" + parts.netloc.replace(":", "%3A") + (f":{path}" if path else "")
