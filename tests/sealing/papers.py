"""Documents with empty seal fields, and what independent programs say of their seals."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pikepdf
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from app.designs import sample, sheet
from app.pdf import Press, SealField
from app.sealing import cms, revision

NAMES = ("eusomii", "siim", "efrs", "fourth", "fifth", "sixth")
STAMP = "timestamp"
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


@lru_cache(maxsize=8)
def paper(societies: int) -> bytes:
    """A sample sheet of so many societies with a field for each of them and for a time stamp."""
    fields = [
        SealField(name, f"Electronic seal: {name} (é)") for name in (*NAMES[:societies], STAMP)
    ]
    facts = sample.snapshot("diploma", "Ana", societies=societies)
    with Press() as press:
        return press.typeset(sheet.page(facts), seal_fields=fields)


def sealed(signers: Sequence[cms.Signs], document: bytes | None = None) -> bytes:
    """A sheet with the seal of each, in order."""
    document = document or paper(len(signers))
    for position, (name, signer) in enumerate(zip(NAMES, signers, strict=False)):
        prepared = prepare(document, name, signer, certifies=not position)
        document = prepared.filled(cms.sign(signer, prepared.digest))
    return document


def prepare(
    document: bytes, name: str, signer: cms.Signs, *, certifies: bool, spare: int = 0
) -> revision.Prepared:
    return revision.seal(
        document,
        name,
        name=f"The society “{name}”",
        reason="Issued (jointly)",
        at=AT,
        room=cms.form(signer).longest + spare,
        certifies=certifies,
    )


# ------------------------------------------------------------------ what others say


def believing(*roots: bytes) -> ValidationContext:
    return ValidationContext(
        trust_roots=[x509.Certificate.load(one) for one in roots], allow_fetching=False
    )


def pyhanko(document: bytes, *roots: bytes) -> dict[str, bool]:
    """By field: intact, valid, trusted, and nothing but seals was added since."""
    verdict = {}
    for one in PdfFileReader(io.BytesIO(document)).embedded_signatures:
        trust = believing(*roots)
        if one.sig_object_type == "/DocTimeStamp":
            stamp = validate_pdf_timestamp(one, trust)
            verdict[one.field_name] = stamp.valid and stamp.intact and stamp.trusted
        else:
            try:
                seal = validate_pdf_signature(one, signer_validation_context=trust)
            except SignatureValidationError:
                verdict[one.field_name] = False
            else:
                verdict[one.field_name] = bool(seal.bottom_line and seal.docmdp_ok)
    return verdict


def pdfsig(document: bytes, folder: Path, *roots: bytes) -> list[tuple[bool, bool]]:
    """For each seal whether poppler finds it (valid, trusted), with the roots in an NSS store."""
    store = folder / "nss"
    if not store.exists():
        store.mkdir()
        _run("certutil", "-N", "--empty-password", "-d", f"sql:{store}")
        for number, root in enumerate(roots):
            one = folder / f"root{number}.der"
            one.write_bytes(root)
            _run("certutil", "-A", "-n", f"root {number}", "-t", "CT,C,C", "-i", str(one),
                 "-d", f"sql:{store}")  # fmt: skip
    paper = folder / "paper.pdf"
    paper.write_bytes(document)
    told = _run("pdfsig", "-nssdir", str(store), str(paper), check=False)
    found = re.split(r"Signature #\d+:", told)[1:]
    return [
        ("Signature is Valid." in one, "Certificate is Trusted." in one)
        for one in found
        if "Signature Type: ETSI.CAdES.detached" in one
    ]


def openssl(document: bytes, field: str, folder: Path, *roots: bytes) -> bool:
    """Whether `openssl cms -verify -cades` accepts the seal in a field over its byte range."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        value = next(one.V for one in pdf.Root.AcroForm.Fields if str(one.T) == field)
        start, size, rest, last = (int(n) for n in value.ByteRange)
        container = bytes(value.Contents)
    covered, signature = folder / "covered", folder / "signature.der"
    covered.write_bytes(document[start : start + size] + document[rest : rest + last])
    signature.write_bytes(container)
    trust = folder / "roots.pem"
    trust.write_text("".join(_pem(one) for one in roots))
    told = _run(
        "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", str(signature),
        "-content", str(covered), "-CAfile", str(trust), "-purpose", "any", "-out", "/dev/null",
        check=False,
    )  # fmt: skip
    return "CAdES Verification successful" in told


def _pem(certificate: bytes) -> str:
    return _run("openssl", "x509", "-inform", "DER", stdin=certificate)


def _run(*command: str, check: bool = True, stdin: bytes | None = None) -> str:
    done = subprocess.run(command, capture_output=True, timeout=60, check=check, input=stdin)
    return (done.stdout + done.stderr).decode("utf-8", "replace")
