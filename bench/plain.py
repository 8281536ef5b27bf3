"""The yardstick of the pipeline: the same steps as the libraries take them by themselves.

The credential goes through a JSON-LD processor, the page is laid out anew for every holder, and
pyHanko seals the file. What is made is thrown away.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import rfc8785
from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.designs import pictures, sheet
from app.open_badges import guard, pinned
from app.pdf import Press
from app.sealing.orders import Order


@dataclass(frozen=True)
class Plain:
    """What the libraries need, made once; a press of its own, which is only warm."""

    press: Press

    def credential(self, order: Order) -> None:
        """Guarded, canonicalised and signed: once as RDF, once as JSON by every society."""
        document = json.loads(order.attachments[0].content)
        proven = document.pop("proof")
        guard.check(document)
        config = {"@context": document["@context"], **proven[0]}
        config.pop("proofValue")
        self._key.sign(_digest(pinned.canonical(config)) + _digest(pinned.canonical(document)))
        for proof in proven[1:]:
            config = {"@context": document["@context"], **proof}
            config.pop("proofValue")
            parts = rfc8785.dumps(config), rfc8785.dumps(document)
            self._key.sign(b"".join(map(_digest, parts)))

    def sheet(self, order: Order) -> bytes:
        """Laid out in full: nothing in it is marked as what differs between holders."""
        page = sheet.page(order.snapshot, pictures=pictures.of(order.snapshot))
        return self.press.typeset(
            re.sub(r' data-slot="[^"]*"', "", page),
            attachments=order.attachments,
            seal_fields=order.fields(stamped=False),
        )

    def seals(self, order: Order, document: bytes) -> bytes:
        for position, sealer in enumerate(order.sealers):
            facts = signers.PdfSignatureMetadata(
                field_name=sealer.place,
                name=sealer.name,
                md_algorithm="sha256",
                subfilter=fields.SigSeedSubFilter.PADES,
                certify=position == 0,
                docmdp_permissions=fields.MDPPerm.FILL_FORMS,
            )
            sealed = signers.PdfSigner(facts, self._signer).sign_pdf(
                IncrementalPdfFileWriter(io.BytesIO(document)),
                existing_fields_only=True,
                bytes_reserved=8192,
            )
            document = sealed.getvalue()
        return document

    @cached_property
    def _key(self) -> ed25519.Ed25519PrivateKey:
        return ed25519.Ed25519PrivateKey.generate()

    @cached_property
    def _signer(self) -> signers.SimpleSigner:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name.from_rfc4514_string("CN=Plain")
        certificate = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
            .sign(key, hashes.SHA256())
        )
        private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return signers.SimpleSigner(
            signing_cert=asn1.Certificate.load(certificate.public_bytes(Encoding.DER)),
            signing_key=keys.PrivateKeyInfo.load(private),
            cert_registry=SimpleCertificateStore(),
        )


def _digest(text: str | bytes) -> bytes:
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).digest()
