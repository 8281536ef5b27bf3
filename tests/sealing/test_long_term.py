"""A sealed document lasts: stamped in time, it is believed when every certificate of it is over.

One diploma goes the whole way: sealed by a key in a token, by a society that signs elsewhere and by
a key that is kept here, stamped over all its proofs (B-LTA), and stamped anew before that one ends.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import time_machine
from asn1crypto import crl, x509
from cryptography.x509 import load_der_x509_certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation import EmbeddedPdfSignature, ades
from pyhanko.sign.validation.ades import ades_with_time_validation
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from app import create_app, hardware
from app.clock import now
from app.designs.sample import snapshot
from app.files import digest_of, files
from app.pdf import Press
from app.sealing import archival, cms
from app.sealing.orders import Awaits, Made, Order, Resumed, Sealer
from app.sealing.pipeline import Works
from app.sealing.renewing import stamped_anew
from app.sealing.timestamps import Authorities
from app.signing_keys.certificates import public_pem
from tests.conftest import make_settings
from tests.sealing.papers import NAMES, pyhanko
from tests.sealing.pki import DAY, Authority, TestSigner
from tests.sealing.servers import TimeServer
from tests.tokens import PIN, SOFTHSM
from tests.verapdf import VeraPdf

pytestmark = pytest.mark.xdist_group("verapdf")  # one process starts one Java

YEAR = timedelta(days=365)
SEALED_AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
RENEWED_AT, LATER = SEALED_AT + 2.5 * YEAR, SEALED_AT + 5 * YEAR
"""By then the certificates of the societies are over, and later that of the first stamps too."""
OWN_STAMPS = "No signature timestamp present"


@dataclass(frozen=True)
class Lasting:
    """The diploma as it was finished and as it was stamped anew, and who vouches for everybody."""

    above: Authority
    """Of the societies."""
    first: Authority
    then: Authority
    finished: bytes
    renewed: bytes

    def believed(self, at: datetime, *, anew: bool = True, flip: int = 0) -> dict[str, bool]:
        """Which seals pyHanko finds to be good for the long term (EN 319 102-1, 5.6.3)."""
        document = bytearray(self.renewed if anew else self.finished)
        document[document.index(b"/Title") + 9] ^= flip
        seals = PdfFileReader(io.BytesIO(document)).embedded_regular_signatures
        trust = self._trust(self.then if anew else self.first, at)
        with time_machine.travel(at, tick=False), pytest.MonkeyPatch.context() as patch:
            patch.setattr(ades, "ades_with_time_validation", with_the_time_of_the_document)
            return {one.field_name: _passes(one, trust) for one in seals}

    def _trust(self, last: Authority, at: datetime) -> PdfSignatureValidationSpec:
        """Of the last stamp the list of the day can be had; all else is in the document."""
        lists = [CRLContainer(crl.CertificateList.load(last.crl(at)))]
        everybody = (self.above, self.first, self.then)
        roots = SimpleTrustManager.build([x509.Certificate.load(one.der) for one in everybody])
        return PdfSignatureValidationSpec(
            SignatureValidationSpec(
                CertValidationPolicySpec(roots, CertRevTrustPolicy(REQUIRE_REVINFO)),
                RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY),
                local_knowledge=LocalKnowledge(known_crls=lists),
            )
        )


def _passes(seal: EmbeddedPdfSignature, trust: PdfSignatureValidationSpec) -> bool:
    verdict = asyncio.run(ades.ades_lta_validation(seal, trust))
    return verdict.ades_subindic is AdESPassed.OK


async def with_the_time_of_the_document(*seal: Any, **trust: Any) -> Any:
    """pyHanko asks for a time stamp within every seal; where PAdES puts one over the document
    instead (EN 319 142-1, 6.3), the rest of what it found is what counts."""
    found = await ades_with_time_validation(*seal, **trust)
    if found.failure_msg != OWN_STAMPS:
        return found
    return replace(found, ades_subindic=found.api_status.trust_problem_indic or AdESPassed.OK)


@pytest.fixture(scope="module")
def lasting(softhsm: Path, tmp_path_factory: pytest.TempPathFactory) -> Lasting:
    settings = make_settings(
        tmp_path_factory.mktemp("var"),
        pkcs11_library=str(SOFTHSM),
        pkcs11_pins=(("office seal", PIN),),
    )
    with ExitStack() as stack:
        stack.enter_context(create_app(settings).app_context())
        stack.callback(hardware.close_all)
        travel = stack.enter_context(time_machine.travel(SEALED_AT))
        above, first, then = (Authority(one, f"http://{one}.invalid/crl") for one in "abc")
        signers = [token(above), elsewhere(above), above.signer("efrs", days=730)]
        with Press(tmp_path_factory.mktemp("press")) as press, stamping(first, above) as stamps:
            finished = made(press, signers, stamps)
        travel.move_to(RENEWED_AT)
        keys = [public(one) for one in signers]
        with stamping(then, first) as stamps:
            anew = partial(archival.renew, stamps)
            renewed, _stamp = stamped_anew(finished, digest_of(finished), keys, anew)
        return Lasting(above, first, then, finished, renewed)


def token(above: Authority) -> TestSigner:
    """A key that never leaves the token of the office."""
    its = hardware.generate("office seal", "lasting", "ecdsa-p256")
    return above.signer("eusomii", key=hardware.private("office seal/lasting", its), days=730)


def elsewhere(above: Authority) -> TestSigner:
    return above.signer("siim", "rsa-3072", days=730)


@contextmanager
def stamping(own: Authority, *others: Authority) -> Iterator[Authorities]:
    """A time-stamp authority for four years; the lists of these and no others can be had."""
    server = TimeServer(own.timestamping("ecdsa-p256", days=4 * 365))
    with pytest.MonkeyPatch.context() as patch, server.running() as running:
        lists = {one.told_at: (now() + YEAR, one.crl(now())) for one in (own, *others)}
        patch.setattr(archival, "_lists", lists)
        trusted = (load_der_x509_certificate(own.der),)
        yield Authorities([running.url], Path(), trusted, anywhere=True)


def made(press: Press, signers: Sequence[TestSigner], stamps: Authorities) -> bytes:
    """The diploma with its three seals and two stamps, the second one over all proofs."""
    sealers = tuple(sealer(key, *one) for key, one in enumerate(zip(NAMES, signers, strict=False)))
    facts = snapshot("diploma", "Zoë Łukasiewicz", societies=3, sealed=True)
    order = Order(0, facts["serial"], facts, until=now() + YEAR, sealers=sealers)
    works = Works(press, stamps, partial(archival.archive, stamps))
    waiting = works.make(order, at=now())
    assert isinstance(waiting, Awaits) and waiting.position == 2
    answer = signers[1].sign(waiting.to_sign)
    goes_on = Resumed(
        files.keep(waiting.content), waiting.sealer.form, waiting.to_sign, answer, (0, 1)
    )
    done = works.make(replace(order, resumed=goes_on), at=now())
    assert isinstance(done, Made)
    return done.content


def sealer(key: int, name: str, signer: TestSigner) -> Sealer:
    signs = None if name == "siim" else signer.sign
    return Sealer(key, name, f"The society {name}", key, public(signer), cms.form(signer), signs)


def public(signer: TestSigner) -> str:
    return public_pem(signer.key.public_key())


def test_pyhanko_believes_every_seal_for_as_long_as_a_stamp_holds(lasting: Lasting) -> None:
    everyone = dict.fromkeys(NAMES[:3], True)
    assert lasting.believed(SEALED_AT + DAY, anew=False) == everyone
    assert lasting.believed(RENEWED_AT, anew=False) == everyone
    assert lasting.believed(RENEWED_AT + DAY) == everyone
    assert lasting.believed(LATER) == everyone
    with time_machine.travel(RENEWED_AT):  # the control: by then their certificates are over
        assert not any(pyhanko(lasting.finished, lasting.above.der)[one] for one in everyone)


def test_without_a_stamp_in_time_or_with_a_bit_altered_none_is_believed(lasting: Lasting) -> None:
    nobody = dict.fromkeys(NAMES[:3], False)
    assert lasting.believed(LATER, anew=False) == nobody
    assert lasting.believed(LATER, flip=1) == nobody
    assert lasting.believed(SEALED_AT + DAY, anew=False, flip=1) == nobody


def test_sealed_in_a_token_and_elsewhere_stamped_and_stamped_anew_it_keeps_both_standards(
    lasting: Lasting, verapdf: VeraPdf
) -> None:
    for document, stamps in ((lasting.finished, 2), (lasting.renewed, 3)):
        assert document.count(b"/DocTimeStamp") == stamps
        assert verapdf.failures(document) == set()
