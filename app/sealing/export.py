"""What a society signs elsewhere, as files: the diplomas, the bytes to sign, and how it is done."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.files import Missing
from app.sealing.models import SigningRequest
from app.texts import gettext as _

BEGINNING = (1980, 1, 1, 0, 0, 0)
MOST = 250
"""So many diplomas go into one ZIP."""
CHECK = Path(__file__).with_name("check_digests.py")
SIGN_ONE = "openssl dgst -sha256 -sign KEY.pem -out {serial}.sig {serial}.tbs"
SIGN_ALL = (
    'for f in *.tbs; do openssl dgst -sha256 -sign KEY.pem -out "${f%.tbs}.sig" "$f"; done\n'
    "zip signatures.zip *.sig"
)
BY_HAND = """\
RANGE=$(grep -a -o '/ByteRange \\[[^]]*' SERIAL.pdf | tail -1)
set -- ${RANGE#*[}
(head -c "$2" SERIAL.pdf; tail -c "$4" SERIAL.pdf) | openssl dgst -sha256
openssl asn1parse -inform DER -in SERIAL.tbs | grep -A 2 messageDigest
"""


@dataclass(frozen=True)
class Waiting:
    """A diploma that waits: its serial, what is signed, and the digest of its file."""

    serial: str
    to_sign: bytes
    file_digest: str

    @classmethod
    def of(cls, asked: SigningRequest) -> Waiting:
        return cls(asked.credential.serial, asked.to_sign, asked.file_digest)


def name_of(asked: SigningRequest) -> str:
    return f"{asked.credential.serial}.tbs"


def write(out: IO[bytes], waiting: Sequence[Waiting], read: Callable[[str], bytes]) -> None:
    """What waits, as a ZIP; the same requests give the same bytes. One diploma is held at a time.

    What cannot be looked at is left out: nobody is to sign it blind.
    """
    sums: list[str] = []
    lost: list[str] = []

    def put(name: str, content: bytes, kind: int = zipfile.ZIP_DEFLATED) -> None:
        entry = zipfile.ZipInfo(name, BEGINNING)
        entry.compress_type = kind
        archive.writestr(entry, content)
        sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")

    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in waiting:
            try:
                document = read(one.file_digest)
            except (Missing, OSError):
                lost.append(one.serial)
                continue
            put(f"{one.serial}.pdf", document, zipfile.ZIP_STORED)
            put(f"{one.serial}.tbs", one.to_sign)
        put(CHECK.name, CHECK.read_bytes())
        put("README.txt", instructions(lost).encode())
        put("SHA256SUMS", "".join(sums).encode())


def instructions(lost: Sequence[str] = ()) -> str:
    """What is in the ZIP and what is done with it, in words."""
    missing = [_("Left out, because the diploma cannot be read now:"),
               *(f"   {serial}" for serial in lost), ""] if lost else []  # fmt: skip
    return "\n".join(
        [
            _("Each .pdf file is a diploma as it stands, with an empty place for the seal of your "
              "society; look at it in any PDF reader. The .tbs file of the same name is what your "
              "society signs for it: the SHA-256 of the whole PDF but that empty place, and the "
              "SHA-256 of your certificate. Whoever signs the one seals the other."),
            "",
            *missing,
            _("1. Check that nothing was changed on the way:"),
            "   sha256sum -c SHA256SUMS",
            "",
            _("2. Check that every .tbs file belongs to the diploma beside it:"),
            f"   python3 {CHECK.name}",
            "",
            _("The program is short: read it first. Or do without it, for one diploma; the two "
              "digests that these commands show (the second after OCTET STRING) must be the same, "
              "in capitals or not:"),
            *(f"   {line}" for line in BY_HAND.splitlines()),
            "",
            _("3. Sign every file with the private key of your certificate:"),
            *(f"   {line}" for line in SIGN_ALL.splitlines()),
            "",
            _("4. Hand in signatures.zip on the page from which this file came."),
            "",
            _("To see what else a .tbs file says:"),
            "   openssl asn1parse -inform DER -in SERIAL.tbs",
            "",
        ]
    )  # fmt: skip
