"""Sealed documents made with another program than ours (pyHanko), to examine and to attack."""

from __future__ import annotations

import atexit
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.pdf import Attachment, Press, SealField
from app.sealing.authority import Authority as StampAuthority
from app.signing_keys import certificates, throwaway
from app.signing_keys.signing import Signer
from app.verification.keys import KnownKey, Party
from app.verification.reading.sort import read

EUSOMII = Party("eusomii", "EuSoMII", "European Society of Medical Imaging Informatics")
SIIM = Party("siim", "SIIM", "Society for Imaging Informatics in Medicine")
EFRS = Party("efrs", "EFRS", "European Federation of Radiographer Societies")
SERIAL = "7ZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ"
PAGE = """<!doctype html><html lang="en"><head><title>Diploma</title><style>
body {{ font-family: "EB Garamond" }}</style></head><body><h1>Diploma</h1><p>{text}</p>
<p><a href="https://confer.example/v/{serial}">{serial}</a></p></body></html>"""


class Pen(signers.Signer):
    """Lets pyHanko write seals with a signer of ours."""

    def __init__(self, signer: Signer) -> None:
        own, *above = [x509.Certificate.load(one) for one in signer.certificates]
        store = SimpleCertificateStore()
        store.register_multiple(above)
        super().__init__(signing_cert=own, cert_registry=store)
        self.ours = signer

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        return self.ours.sign(data)


@dataclass(frozen=True)
class Sealer:
    """A society with a seal key, and the key as it is on record."""

    party: Party
    signer: Signer

    def known(self, **facts: datetime) -> KnownKey:
        from cryptography.hazmat.primitives.serialization import (
            Encoding,
            PublicFormat,
            load_der_public_key,
        )

        pem = load_der_public_key(self.signer.public_key).public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )
        return KnownKey(
            key=certificates.digest(pem.decode()),
            name=f"{self.party.code}-1",
            owner=self.party,
            algorithm=self.signer.algorithm,
            in_force_at=datetime(2026, 1, 1, tzinfo=UTC),
            certificates=self.signer.certificates,
            public=pem.decode(),
            **facts,
        )


@cache
def sealer(party: Party, number: int = 1) -> Sealer:
    """A society's sealer; another number is another key in the same name."""
    return Sealer(party, throwaway.signer(party.short, organisation=party.name))


def on_record(*sealers: Sealer, **facts: datetime) -> dict[str, KnownKey]:
    return {known.key: known for known in (one.known(**facts) for one in sealers)}


@cache
def base(parties: tuple[Party, ...], text: str = "Ana Lopez", serial: str = SERIAL) -> bytes:
    """A typeset page with an empty place for each society's seal."""
    named = b'{"id": "https://confer.example/v/%s/credential.json"}' % serial.encode()
    return typesetter().typeset(
        PAGE.format(text=text, serial=serial),
        attachments=[Attachment("credential.json", named, "Credential")],
        seal_fields=[SealField(party.code, f"Seal of {party.name}") for party in parties],
    )


@cache
def typesetter() -> Press:
    """One press for all the tests of a process."""
    press = Press()
    atexit.register(press.close)
    return press


def sealed(
    content: bytes,
    sealers: Sequence[Sealer],
    *,
    fields_of: Sequence[str] = (),
    stamper: timestamps.TimeStamper | None = None,
) -> bytes:
    """Sealed by each in turn; the first seal certifies the document."""
    for place, one in enumerate(sealers):
        name = fields_of[place] if fields_of else one.party.code
        meta = signers.PdfSignatureMetadata(
            field_name=name,
            subfilter=SigSeedSubFilter.PADES,
            md_algorithm="sha256",
            certify=place == 0 and not fields_of,
            docmdp_permissions=MDPPerm.FILL_FORMS,
        )
        pdf_signer = signers.PdfSigner(meta, Pen(one.signer), timestamper=stamper)
        content = pdf_signer.sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(content)),
            existing_fields_only=not fields_of,
            bytes_reserved=16384,
        ).getvalue()
    return content


def with_place(content: bytes, name: str) -> bytes:
    """Another empty place for a seal, in a revision of its own."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    settings = InvisSigSettings(set_print_flag=True, set_hidden_flag=False)
    fields.append_signature_field(writer, SigFieldSpec(name, invis_sig_settings=settings))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


class Clockwork(timestamps.TimeStamper):
    """Asks one of our own authorities, with whatever clock it has."""

    def __init__(self, at: datetime, authority: Signer | None = None) -> None:
        super().__init__()
        self.authority = StampAuthority(authority or stamp_signer(), lambda: at)

    async def async_request_tsa_response(self, req: object) -> object:
        from asn1crypto import tsp

        return tsp.TimeStampResp.load(self.authority.answer(req.dump()))


@cache
def stamp_signer(number: int = 1) -> Signer:
    """An authority's signer: its certificate is for time stamps alone."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding

    from app.clock import now
    from app.sealing import authority

    key = ec.generate_private_key(ec.SECP256R1())
    own = authority._certify(key, now())
    return authority.LocalSigner((own.public_bytes(Encoding.DER),), key)


def stamped(content: bytes, at: datetime, authority: Signer | None = None) -> bytes:
    """With a time stamp over the whole document."""
    stamper = signers.PdfTimeStamper(Clockwork(at, authority))
    return stamper.timestamp_pdf(
        IncrementalPdfFileWriter(io.BytesIO(content)),
        md_algorithm="sha256",
        bytes_reserved=16384,
    ).getvalue()


__all__ = ["EFRS", "EUSOMII", "SERIAL", "SIIM", "base", "on_record", "read", "sealed", "sealer"]
