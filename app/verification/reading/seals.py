"""The signatures of a PDF: what each covers, whether it holds, and what came after it."""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from asn1crypto import core
from pyhanko.pdf_utils import misc
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from .facts import FoundSeal, Stamp
from .updates import POLICY

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)

MOST_SIGNATURES = 24
MOST_CERTIFICATES = 12
STRONG = frozenset({"sha256", "sha384", "sha512"})
SEALS = frozenset({"/ETSI.CAdES.detached", "/adbe.pkcs7.detached"})
CHANGES = {
    ModificationLevel.NONE: "none",
    ModificationLevel.LTA_UPDATES: "stamps",
    ModificationLevel.FORM_FILLING: "seals",
}


class Excessive(Exception):
    """More than a document of ours could ever hold."""


def signatures(
    reader: PdfFileReader,
) -> tuple[list[FoundSeal], list[Stamp], list[str], bool, list[int]]:
    """Seals, time stamps over the document, empty places, whether all is covered, and where each
    whole revision ends."""
    ends: set[int] = set()
    seals: list[tuple[int, FoundSeal]] = []
    stamps: list[tuple[int, Stamp]] = []
    empty: list[str] = []
    is_covered = False
    for count, (full_name, value, field) in enumerate(enumerate_sig_fields(reader)):
        if count >= MOST_SIGNATURES:
            raise Excessive
        name = str(full_name)[:100]
        if value is None:
            empty.append(name)
            continue
        try:
            one = EmbeddedPdfSignature(reader, _dictionary(field), name)
            is_stamp = one.sig_object_type == "/DocTimeStamp"
        except (ValueError, TypeError, KeyError, AttributeError, AssertionError, LookupError,
                OverflowError, misc.PdfError):  # fmt: skip
            seals.append((-1, FoundSeal(field=name, fault="unreadable")))
            continue
        covers, changes, why = _coverage(one)
        if is_stamp:
            stamp = _document_stamp(one, covers)
            stamps.append((one.signed_revision, stamp))
            holds = stamp.holds
        else:
            seal = _seal(one, covers, changes, why)
            seals.append((one.signed_revision, seal))
            holds = not seal.fault
        if covers >= SignatureCoverageLevel.ENTIRE_REVISION:
            ends.add(_end(one))
        is_covered |= holds and covers is SignatureCoverageLevel.ENTIRE_FILE
    return (
        [seal for _revision, seal in sorted(seals, key=lambda pair: pair[0])],
        [stamp for _revision, stamp in sorted(stamps, key=lambda pair: pair[0])],
        empty,
        is_covered,
        sorted(ends),
    )


def _end(one: EmbeddedPdfSignature) -> int:
    """Where the bytes end that it covers."""
    _first, _length, second, length = (int(number) for number in one.byte_range)
    return second + length


def _dictionary(field: Any) -> Any:
    return field.get_object() if hasattr(field, "get_object") else field


def _coverage(one: EmbeddedPdfSignature) -> tuple[SignatureCoverageLevel, str, str]:
    """How much of the file it covers, and what the revisions after it changed."""
    try:
        one.compute_integrity_info(POLICY)  # type: ignore[no-untyped-call]
    except MemoryError:
        raise
    except Exception as error:
        return SignatureCoverageLevel.UNCLEAR, "other", _words(error)
    coverage: SignatureCoverageLevel = one.coverage  # type: ignore[assignment]
    result: object = one.diff_result
    if isinstance(result, DiffResult):
        return coverage, CHANGES.get(result.modification_level, "other"), ""
    return coverage, "other", _words(result)


def _seal(
    one: EmbeddedPdfSignature, covers: SignatureCoverageLevel, changes: str, why: str
) -> FoundSeal:
    try:
        certificate = one.signer_cert
        chain = [_text(c.dump()) for c in one.other_embedded_certs[:MOST_CERTIFICATES]]
        fault = _fault(one, covers)
        stamps = tuple(_signature_stamps(one))
        said = one.self_reported_timestamp
    except MemoryError:
        raise
    except Exception:
        return FoundSeal(field=one.field_name, fault="unreadable", changes=changes, why=why)
    return FoundSeal(
        field=one.field_name,
        key=key_of(certificate),
        claims=named(certificate),
        fault=fault,
        changes=changes,
        why=why,
        said_at=_moment(said),
        stamps=stamps,
        certificate=_text(certificate.dump()),
        chain=tuple(chain),
        revision=one.signed_revision,
    )


def _fault(one: EmbeddedPdfSignature, covers: SignatureCoverageLevel) -> str:
    """Why a signature proves nothing of this document; nothing when it does."""
    if str(one.sig_object.get("/SubFilter", "")) not in SEALS:
        return "unreadable"
    if covers < SignatureCoverageLevel.ENTIRE_REVISION:
        return "part"
    if one.md_algorithm not in STRONG:
        return "weak"
    if any(_padding(one)):
        return "part"
    intact, valid = generic_cms.validate_sig_integrity(
        one.signer_info, one.signer_cert, "data", one.compute_digest()
    )
    if not valid:
        return "signature"
    return "" if intact else "digest"


def _padding(one: EmbeddedPdfSignature) -> bytes:
    """What follows the signature in its place: nothing covers it, so it has to be zeros."""
    head = core.Asn1Value.load(one.pkcs7_content)
    return bytes(one.pkcs7_content[len(head.dump()) :])


def _signature_stamps(one: EmbeddedPdfSignature) -> Iterator[Stamp]:
    if not one.signer_info["unsigned_attrs"]:
        return
    imprint = generic_cms.message_imprint_checker(one.signer_info)
    for count, token in enumerate(generic_cms.extract_tst_data_iter(one.signer_info, signed=False)):
        if count >= 4:
            raise Excessive
        yield _stamp(token, imprint)


def _document_stamp(one: EmbeddedPdfSignature, covers: SignatureCoverageLevel) -> Stamp:
    try:
        stamp = _stamp(one.signed_data, one.compute_digest)
    except MemoryError:
        raise
    except Exception:
        return Stamp(at="", by="", holds=False)
    is_whole = covers >= SignatureCoverageLevel.ENTIRE_REVISION
    return replace(stamp, holds=stamp.holds and is_whole, revision=one.signed_revision)


def _stamp(token: Any, imprint: Any) -> Stamp:
    """A token of a time stamp authority, and whether it is over what it should be over."""
    content = token["encap_content_info"]["content"]
    info = content.parsed
    certificates = generic_cms.extract_certs_for_validation(token)
    authority, signer = certificates.signer_cert, token["signer_infos"][0]
    over = info["message_imprint"]
    algorithm = over["hash_algorithm"]["algorithm"].native
    digest = hashlib.new(signer["digest_algorithm"]["algorithm"].native, bytes(content)).digest()
    intact, valid = generic_cms.validate_sig_integrity(signer, authority, "tst_info", digest)
    usage = authority.extended_key_usage_value
    holds = (
        intact
        and valid
        and algorithm in STRONG
        and over["hashed_message"].native == imprint(algorithm)
        and usage is not None
        and "time_stamping" in usage.native
        and authority.not_valid_before <= info["gen_time"].native <= authority.not_valid_after
    )
    return Stamp(
        at=_moment(info["gen_time"].native),
        by=named(authority),
        holds=bool(holds),
        certificate=_text(authority.dump()),
        chain=tuple(_text(c.dump()) for c in list(certificates.other_certs)[:MOST_CERTIFICATES]),
    )


def key_of(certificate: Any) -> str:
    return hashlib.sha256(certificate.public_key.dump()).hexdigest()


def named(certificate: Any) -> str:
    """Whom a certificate names: the organisation, else the common name."""
    parts = certificate.subject.native
    for part in ("organization_name", "common_name"):
        if found := parts.get(part):
            return str(found if isinstance(found, str) else found[0])[:200]
    return str(certificate.subject.human_friendly)[:200]


def _moment(at: datetime | None) -> str:
    if at is None:
        return ""
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="seconds")


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _words(error: object) -> str:
    return " ".join(str(error).split())[:300]
