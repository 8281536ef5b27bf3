"""What a society signs elsewhere, as files: the bytes, their digests, and how they are signed."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence

from app.sealing.models import SigningRequest
from app.texts import gettext as _

BEGINNING = (1980, 1, 1, 0, 0, 0)
SIGN_ONE = "openssl dgst -sha256 -sign KEY.pem -out {serial}.sig {serial}.tbs"
SIGN_ALL = (
    'for f in *.tbs; do openssl dgst -sha256 -sign KEY.pem -out "${f%.tbs}.sig" "$f"; done\n'
    "zip signatures.zip *.sig"
)


def name_of(asked: SigningRequest) -> str:
    return f"{asked.credential.serial}.tbs"


def bundle(requests: Sequence[SigningRequest]) -> bytes:
    """Everything that waits in one ZIP; the same requests give the same bytes."""
    sums = "".join(
        f"{hashlib.sha256(one.to_sign).hexdigest()}  {name_of(one)}\n" for one in requests
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "README.txt", instructions().encode())
        _put(archive, "SHA256SUMS", sums.encode())
        for one in requests:
            _put(archive, name_of(one), one.to_sign)
    return out.getvalue()


def instructions() -> str:
    """What is in the ZIP and what is done with it, in words."""
    return "\n".join(
        [
            _("Each .tbs file holds what your society signs for one diploma: the SHA-256 of the "
              "document as it stands, and of your certificate."),
            "",
            _("1. Check that nothing was changed on the way:"),
            "   sha256sum -c SHA256SUMS",
            "",
            _("2. Sign every file with the private key of your certificate:"),
            *(f"   {line}" for line in SIGN_ALL.splitlines()),
            "",
            _("3. Hand in signatures.zip on the page from which this file came."),
            "",
            _("To see what a .tbs file says:"),
            "   openssl asn1parse -inform DER -in SERIAL.tbs",
            "",
        ]
    )  # fmt: skip


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, BEGINNING)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)
