"""Making a stamped document last (B-LTA): what proves its seals goes into it, and a stamp over all.

Done once at the end of sealing where it is set, and again before the latest stamp's certificate
ends: each new stamp vouches for those before it.
"""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Iterable
from datetime import datetime

from cryptography import x509

from app.calls import CallFailed, call
from app.clock import now
from app.sealing import cms, der, revision
from app.sealing.orders import TIMESTAMP_FIELD
from app.sealing.timestamps import Authorities, NoTimestamp
from app.sealing.tokens import Stamp
from app.texts import gettext as _

log = logging.getLogger("confer.sealing")
_lists: dict[str, tuple[datetime, bytes]] = {}
"""Lists of withdrawn certificates by their addresses, with the moment when the next is due."""
_fetching = threading.Lock()


def archive(authorities: Authorities, document: bytes) -> tuple[bytes, Stamp]:
    """The document with all its certificates and their status, and a stamp over the whole."""
    found = certificates_in(document)
    lists = withdrawn(found, anywhere=authorities.anywhere)
    place = next_place(document)
    return authorities.stamp(_enriched(document, found, lists, place), place)


def renew(authorities: Authorities, document: bytes) -> tuple[bytes, Stamp]:
    """The same for a document that was stamped before, whose authorities may be gone by now.

    What its security store holds stays there, older stamps vouch for it; only what the latest
    stamp rests on has to answer. Of the rest whatever still does is taken along.
    """
    found, anywhere = certificates_in(document), authorities.anywhere
    last = max(revision.signatures(document), key=lambda one: one.covers)
    latest = cms.read(der.read(last.container).whole).certificates
    lists, told = withdrawn(latest, anywhere=anywhere), issuers_told(document)
    for one in found:
        issuer = x509.load_der_x509_certificate(one).issuer.public_bytes()
        if one not in latest and issuer not in told:
            try:
                lists += withdrawn([one], anywhere=anywhere)
            except NoTimestamp as wrong:
                log.warning("stamped anew without a list of withdrawn certificates: %s", wrong)
    place = next_place(document)
    return authorities.stamp(_enriched(document, found, dict.fromkeys(lists), place), place)


def issuers_told(document: bytes) -> set[bytes]:
    """The authorities (DER names) whose lists the security store of a document holds."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.dss import DocumentSecurityStore
    from pyhanko.sign.validation.errors import ValidationInfoReadingError

    try:
        store = DocumentSecurityStore.read_dss(PdfFileReader(io.BytesIO(document)))
    except ValidationInfoReadingError:
        return set()
    lists = (x509.load_der_x509_crl(one.get_object().data) for one in store.crls)
    return {one.issuer.public_bytes() for one in lists}


def next_place(document: bytes) -> str:
    """The field of the next stamp: the first is prepared by the press, others are added."""
    number = sum(one.kind == "timestamp" for one in revision.signatures(document)) + 1
    return f"{TIMESTAMP_FIELD}-{number}"


def certificates_in(document: bytes) -> list[bytes]:
    """The certificates of all seals and stamps with their chains, each once."""
    containers = (der.read(one.container).whole for one in revision.signatures(document))
    return list(dict.fromkeys(found for one in containers for found in cms.read(one).certificates))


def withdrawn(certificates: Iterable[bytes], *, anywhere: bool = False) -> list[bytes]:
    """The lists (CRL, DER) that say which of these were withdrawn, from where they point to."""
    addresses: dict[str, None] = {}
    for one in certificates:
        addresses |= dict.fromkeys(_addresses(x509.load_der_x509_certificate(one)))
    return [_list_at(address, anywhere) for address in addresses]


def _addresses(certificate: x509.Certificate) -> list[str]:
    """Where its status is told: the first place that can be asked over HTTP."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints)
    except x509.ExtensionNotFound:
        return []
    told = [str(name.value) for point in points.value for name in point.full_name or ()]
    return [one for one in told if one.startswith(("http://", "https://"))][:1]


def _list_at(address: str, anywhere: bool) -> bytes:
    with _fetching:
        until, known = _lists.get(address, (None, b""))
        if until is not None and until > now():
            return known
        try:
            answer = call("GET", address, anywhere=anywhere, openly=True)
        except CallFailed as failed:
            raise NoTimestamp(f"{address}: {failed}") from None
        if not answer.is_good:
            raise NoTimestamp(f"{address}: it answers {answer.status}")
        content = answer.body
        try:
            if content.startswith(b"-----BEGIN"):
                content = _unwrapped(content)
            due = x509.load_der_x509_crl(content).next_update_utc
        except ValueError as wrong:
            raise NoTimestamp(f"{address}: no list of withdrawn certificates ({wrong})") from None
        _lists[address] = due or now(), content
        return content


def _unwrapped(pem: bytes) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return x509.load_pem_x509_crl(pem).public_bytes(Encoding.DER)


def _enriched(
    document: bytes, certificates: Iterable[bytes], lists: Iterable[bytes], place: str
) -> bytes:
    """With a security store (DSS) of them, and an empty field for the stamp."""
    from asn1crypto.crl import CertificateList
    from asn1crypto.x509 import Certificate
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields
    from pyhanko.sign.validation.dss import DocumentSecurityStore

    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[Certificate.load(one) for one in certificates],
        crls=[CertificateList.load(one) for one in lists],
    )
    printed = fields.InvisSigSettings(set_print_flag=True, set_hidden_flag=False)
    spec = fields.SigFieldSpec(
        place, invis_sig_settings=printed, readable_field_name=_("Time stamp")
    )
    fields.append_signature_field(writer, spec)
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()
