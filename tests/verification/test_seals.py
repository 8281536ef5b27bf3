"""Every attack on a sealed document is named for what it is, and the honest document is not."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from app.clock import now
from app.signing_keys import throwaway
from app.verification import wording
from app.verification.judgement import File, Judgement, Level, Reason, SealState
from app.verification.judging import is_trusted, judge
from app.verification.keys import Voucher
from app.verification.reading.facts import Stamp
from app.verification.reading.sort import read
from tests.verification.sealed import (
    EFRS,
    EUSOMII,
    SERIAL,
    SIIM,
    Clockwork,
    base,
    on_record,
    sealed,
    sealer,
    stamp_signer,
    stamped,
    with_place,
)

BOTH = (EUSOMII, SIIM)


def ours():
    return [sealer(EUSOMII), sealer(SIIM)]


@cache
def honest() -> bytes:
    """Sealed by EuSoMII and SIIM, as issued."""
    return sealed(base(BOTH), ours())


def verdict(content: bytes, **facts) -> Judgement:
    """What our verifier says, when EuSoMII and SIIM must have sealed it."""
    known = on_record(sealer(EUSOMII), sealer(SIIM), sealer(EFRS))
    return judge(read(content), **{"keys": known, "required": BOTH, **facts})


def states(judgement: Judgement) -> list[SealState]:
    return [seal.state for seal in judgement.seals]


def changed(content: bytes, change) -> bytes:
    """With an incremental update appended, as an editor would write it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def page_of(writer):
    return writer.root["/Pages"]["/Kids"][0].get_object()


def contents(content: bytes) -> list[re.Match[bytes]]:
    return list(re.finditer(rb"/Contents ?<([0-9a-fA-F]{2000,})>", content))


# ------------------------------------------------------------------ the honest document


def test_the_issued_file_is_identical_and_each_seal_names_its_society_level_and_voucher():
    judged = verdict(honest(), is_issued=True)
    assert judged.file is File.IDENTICAL
    assert states(judged) == [SealState.GENUINE, SealState.GENUINE]
    assert [seal.party for seal in judged.seals] == [EUSOMII, SIIM]
    assert [seal.level for seal in judged.seals] == [Level.B, Level.B]
    assert {seal.voucher for seal in judged.seals} == {Voucher.REGISTER}
    assert judged.missing == ()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_what_was_issued_with_one_more_time_stamp_is_as_good_as_what_was_issued():
    at = datetime(2026, 11, 1, tzinfo=UTC)
    judged = verdict(stamped(honest(), now()), issued={digest(honest())})
    assert judged.file is File.GENUINE and judged.file.is_sound
    assert judged.reasons == (Reason.SEALS_HOLD, Reason.STAMPED_SINCE)
    assert at < judged.seals[0].at


def test_another_file_with_genuine_seals_is_not_the_one_that_was_issued():
    """Whoever holds every key can seal another page of the same serial."""
    another = sealed(base(BOTH, "Ben Okoro"), ours())
    for content in (another, stamped(another, now())):
        judged = verdict(content, issued={digest(honest())})
        assert judged.file is File.OTHER and not judged.file.is_sound
        assert judged.reasons == (Reason.SEALS_HOLD, Reason.OTHER_BYTES)
    changed_after = verdict(honest() + b" ", issued={digest(honest())})
    assert changed_after.file is File.ALTERED


def test_where_nothing_says_which_bytes_were_issued_nothing_is_said_of_them():
    judged = verdict(honest())
    assert judged.file is File.GENUINE
    assert judged.reasons == (Reason.SEALS_HOLD,)


def test_a_seal_by_a_key_that_was_no_longer_in_force_is_named():
    def when(retired_at, **facts):
        keys = on_record(sealer(EUSOMII), sealer(SIIM))
        keys = {name: replace(one, retired_at=retired_at) for name, one in keys.items()}
        return verdict(honest(), keys=keys, **facts)

    late = when(now() - timedelta(days=1))
    assert late.file is File.DOUBTFUL and late.reasons == (Reason.KEY_ENDED,)
    assert states(late) == [SealState.OUTDATED] * 2
    assert when(now() - timedelta(days=1), is_issued=True).file is File.IDENTICAL
    assert when(now() + timedelta(days=1)).file is File.GENUINE, "retired since"
    own = on_record(sealer(SIIM))
    assert all(one.ended_at is not None for one in own.values()), "the end of its certificate"


def test_seals_of_a_key_under_an_authority_name_the_authority():
    from app.signing_keys import throwaway

    under = throwaway.authority("European Seal Authority")
    signer = throwaway.signer("SIIM", organisation=SIIM.name, under=under)
    certified = replace(sealer(SIIM), signer=signer)
    judged = verdict(
        sealed(base(BOTH), [sealer(EUSOMII), certified]),
        keys=on_record(sealer(EUSOMII), certified),
    )
    assert judged.file is File.GENUINE
    assert judged.seals[0].voucher is Voucher.REGISTER
    assert judged.seals[1].voucher is Voucher.AUTHORITY
    assert judged.seals[1].vouched_by == "European Seal Authority"


def test_a_time_stamp_raises_the_level_and_gives_the_time():
    trusted = {stamp_signer().certificates[0]}
    judged = verdict(stamped(honest(), now()), authorities=trusted)
    assert [seal.level for seal in judged.seals] == [Level.T, Level.T]
    assert all(seal.is_stamped for seal in judged.seals)
    unknown = verdict(stamped(honest(), now()))
    assert not any(seal.is_stamped for seal in unknown.seals)
    assert {seal.level for seal in unknown.seals} == {Level.B}, "anybody can make a clock"


# ------------------------------------------------------------------ after the last seal


def test_an_appended_update_is_named():
    def title(writer):
        info = generic.DictionaryObject(
            {generic.NameObject("/Title"): generic.TextStringObject("X")}
        )
        writer.set_info(writer.add_object(info))

    judged = verdict(changed(honest(), title))
    assert judged.file is File.ALTERED


def test_an_appended_annotation_is_named():
    def annotate(writer):
        note = generic.DictionaryObject(
            {
                generic.NameObject("/Type"): generic.NameObject("/Annot"),
                generic.NameObject("/Subtype"): generic.NameObject("/FreeText"),
                generic.NameObject("/Rect"): generic.ArrayObject(
                    [generic.NumberObject(n) for n in (50, 50, 400, 100)]
                ),
                generic.NameObject("/Contents"): generic.TextStringObject("with distinction"),
            }
        )
        page = page_of(writer)
        annotations = page.get("/Annots", generic.ArrayObject())
        page["/Annots"] = generic.ArrayObject([*annotations, writer.add_object(note)])
        writer.update_container(page)

    judged = verdict(changed(honest(), annotate))
    assert judged.file is File.ALTERED
    assert Reason.CHANGED_AFTER in judged.reasons
    assert SealState.CHANGED in states(judged)


def test_a_shadow_object_in_place_of_the_page_is_named():
    def replace_page(writer):
        page = page_of(writer)
        stream = generic.StreamObject(stream_data=b"BT ET")
        page["/Contents"] = writer.add_object(stream)
        writer.update_container(page)

    judged = verdict(changed(honest(), replace_page))
    assert judged.file is File.ALTERED
    assert Reason.CHANGED_AFTER in judged.reasons


def test_bytes_after_the_end_are_named():
    judged = verdict(honest() + b"PK\x03\x04 another file behind this one")
    assert judged.file is File.ALTERED
    assert judged.reasons == (Reason.ADDED_TO,)


def test_one_more_seal_by_a_visitor_is_named():
    visitor = sealer(SIIM, 2)
    extended = sealed(with_place(honest(), "more"), [visitor], fields_of=["more"])
    judged = verdict(extended)
    assert judged.file is File.ALTERED
    assert Reason.SEAL_STRANGER in judged.reasons or Reason.CHANGED_AFTER in judged.reasons


# ------------------------------------------------------------------ seals taken away


@pytest.mark.parametrize("kept", [1, 0])
def test_a_removed_last_revision_names_the_seals_that_are_missing(kept):
    whole = honest()
    ends = [match.end() for match in re.finditer(rb"%%EOF\r?\n?", whole)]
    cut = whole[: ends[-(3 - kept)]]
    judged = verdict(cut)
    assert Reason.SEALS_MISSING in judged.reasons
    assert judged.missing == (BOTH[1:] if kept else BOTH)
    assert judged.file is (File.INCOMPLETE if kept else File.ALTERED)


def test_a_document_that_only_one_society_sealed_is_whole_where_only_one_awards_it():
    """The negative control of the missing seal."""
    alone = sealed(base((EUSOMII,)), [sealer(EUSOMII)])
    assert verdict(alone, required=(EUSOMII,)).file is File.GENUINE
    assert verdict(alone).missing == (SIIM,)


# ------------------------------------------------------------------ seals that are not its own


def test_a_seal_makes_no_copy_of_a_document_that_nobody_seals_as_good_as_its_own():
    """Whoever holds a society's key can seal any page that prints the serial of a certificate."""
    for content in (honest(), stamped(honest(), now()), base(BOTH)):
        assert verdict(content, required=()).file is File.ALTERED
        assert verdict(content, required=(), is_issued=True).file is File.IDENTICAL
    stolen = on_record(sealer(EUSOMII), sealer(SIIM), compromised_since=now() - timedelta(days=3))
    assert verdict(honest(), required=(), keys=stolen).file is File.ALTERED


def test_two_seals_that_changed_places_are_named():
    whole = honest()
    first, second = contents(whole)
    assert len(first.group(1)) == len(second.group(1))
    swapped = (
        whole[: first.start(1)]
        + second.group(1)
        + whole[first.end(1) : second.start(1)]
        + first.group(1)
        + whole[second.end(1) :]
    )
    judged = verdict(swapped)
    assert judged.file is File.ALTERED
    assert set(states(judged)) == {SealState.MISPLACED}
    assert Reason.SEAL_BROKEN in judged.reasons


def test_the_genuine_seal_of_another_document_is_named():
    other = sealed(base(BOTH, "Ben Okoro"), ours())
    whole = honest()
    here, there = contents(whole)[1], contents(other)[1]
    lifted = whole[: here.start(1)] + there.group(1) + whole[here.end(1) :]
    judged = verdict(lifted)
    assert judged.file is File.ALTERED
    assert states(judged) == [SealState.GENUINE, SealState.MISPLACED]
    assert judged.missing == (SIIM,) and judged.absent == ()
    [said] = wording.reasons(judged.reasons, judged)
    assert said == f"A seal does not fit this document: {SIIM.name}."


def test_the_genuine_seal_of_a_society_that_does_not_award_it_is_named():
    judged = verdict(sealed(base((EUSOMII, EFRS)), [sealer(EUSOMII), sealer(EFRS)]))
    assert judged.file is File.ALTERED
    assert states(judged) == [SealState.GENUINE, SealState.FOREIGN]
    assert judged.missing == judged.absent == (SIIM,)
    told = wording.reasons(judged.reasons, judged)
    assert told[-1] == f"These seals are missing: {SIIM.name}."


def test_a_forged_signature_under_a_societys_own_certificate_is_named():
    """The certificate is public: anyone can put it beside a signature of their own."""
    forger = sealer(SIIM, 2)
    pretended = replace(
        forger, signer=replace(forger.signer, certificates=sealer(SIIM).signer.certificates)
    )
    judged = verdict(sealed(base(BOTH), [sealer(EUSOMII), pretended]))
    assert judged.file is File.ALTERED
    assert states(judged) == [SealState.GENUINE, SealState.FORGED]


def test_a_diploma_made_with_keys_of_ones_own_is_not_ours():
    forged = sealed(base(BOTH), [sealer(EUSOMII, 2), sealer(SIIM, 2)])
    judged = verdict(forged, is_on_record=False, required=())
    assert judged.file is File.UNKNOWN
    assert Reason.SEAL_STRANGER in judged.reasons
    assert {seal.claims for seal in judged.seals} == {EUSOMII.name, SIIM.name}
    assert {seal.party for seal in judged.seals} == {None}
    assert verdict(forged).file is File.ALTERED, "it even names a serial of ours"


def test_a_seal_whose_signature_is_noise_is_named():
    whole = honest()
    here = contents(whole)[1]
    noise = b"00" * (len(here.group(1)) // 2)
    judged = verdict(whole[: here.start(1)] + noise + whole[here.end(1) :])
    assert judged.file is File.ALTERED
    assert SealState.UNREADABLE in states(judged)


def test_a_seal_that_leaves_out_part_of_the_document_is_named():
    """Signature wrapping: the range of bytes is narrowed, what is left out is free to change."""
    whole = honest()
    found = list(re.finditer(rb"/ByteRange ?\[ ?0 (\d+) (\d+) (\d+) ?\]", whole))[-1]
    shorter = str(int(found.group(3)) - 40).rjust(len(found.group(3)), b" "[0:1].decode())
    narrowed = whole[: found.start(3)] + shorter.encode() + whole[found.end(3) :]
    judged = verdict(narrowed)
    assert judged.file is File.ALTERED
    assert states(judged)[1] in {SealState.PARTIAL, SealState.MISPLACED}


# ------------------------------------------------------------------ bytes


@pytest.mark.parametrize("part", [0.02, 0.2, 0.5, 0.7, 0.99])
def test_one_flipped_bit_anywhere_is_never_genuine(part):
    content = bytearray(honest())
    content[int(len(content) * part)] ^= 1
    assert verdict(bytes(content)).file in {File.ALTERED, File.INCOMPLETE}


def test_a_flipped_bit_in_the_text_breaks_every_seal():
    content = bytearray(honest())
    content[content.index(b"stream") + 30] ^= 1
    judged = verdict(bytes(content))
    assert judged.file is File.ALTERED
    assert set(states(judged)) <= {SealState.MISPLACED} or Reason.UNREADABLE in judged.reasons


# ------------------------------------------------------------------ keys in other hands


def test_what_a_compromised_key_sealed_is_doubtful_unless_a_trusted_stamp_is_older():
    stolen = now() - timedelta(days=3)
    keys = {
        **on_record(sealer(EUSOMII)),
        **on_record(sealer(SIIM), compromised_since=stolen),
    }
    trusted = {stamp_signer().certificates[0]}
    bare = verdict(honest(), keys=keys, authorities=trusted)
    assert bare.file is File.DOUBTFUL
    assert states(bare) == [SealState.GENUINE, SealState.DOUBTFUL]
    late = verdict(stamped(honest(), now()), keys=keys, authorities=trusted)
    assert late.file is File.DOUBTFUL
    later = {**keys, **on_record(sealer(SIIM), compromised_since=now() + timedelta(hours=1))}
    assert verdict(stamped(honest(), now()), keys=later, authorities=trusted).file is File.GENUINE


def test_a_stamp_of_an_authority_of_ones_own_helps_no_forger():
    stolen = now() - timedelta(days=3)
    keys = {**on_record(sealer(EUSOMII)), **on_record(sealer(SIIM), compromised_since=stolen)}
    trusted = {stamp_signer(1).certificates[0]}
    own = stamp_signer(2)
    judged = verdict(stamped(honest(), now(), own), keys=keys, authorities=trusted)
    assert judged.file is File.DOUBTFUL


def test_a_stamp_from_before_the_seal_says_nothing_of_the_seal():
    """An old stamped page, sealed later with a stolen key, is no older for its stamp."""
    begun = stamped(sealed(base(BOTH), [sealer(EUSOMII)]), now())
    finished = sealed(begun, [sealer(SIIM)], fields_of=["siim"])
    keys = {
        **on_record(sealer(EUSOMII)),
        **on_record(sealer(SIIM), compromised_since=now() + timedelta(hours=1)),
    }
    trusted = {stamp_signer().certificates[0]}
    judged = verdict(finished, keys=keys, authorities=trusted)
    assert judged.seals[0].is_stamped
    assert not judged.seals[1].is_stamped
    assert judged.seals[1].state is SealState.DOUBTFUL


def test_a_stamp_inside_a_seal_counts_as_much():
    trusted = {stamp_signer().certificates[0]}
    content = sealed(base(BOTH), ours(), stamper=Clockwork(now()))
    judged = verdict(content, authorities=trusted)
    assert [seal.level for seal in judged.seals] == [Level.T, Level.T]
    assert all(seal.is_stamped for seal in judged.seals)


def test_a_token_that_leaves_out_its_root_is_trusted_by_the_root_that_is_set():
    root, other = throwaway.authority("Clocks Ltd"), throwaway.authority("Clocks Ltd")
    own, *_above = throwaway.signer("Clock", under=root).certificates
    stamp = Stamp(at=now().isoformat(), by="Clock", holds=True,
                  certificate=base64.b64encode(own).decode())  # fmt: skip
    assert is_trusted(stamp, [root.der])
    assert not is_trusted(stamp, [other.der])
    assert not is_trusted(stamp, [])


def test_the_facts_name_the_serial_and_the_credential():
    facts = read(honest())
    assert SERIAL in facts.serials
    assert facts.credential.startswith('{"id": "https://confer.example/v/')
    assert facts.is_covered
