"""Every seal is accepted by programs that others wrote, and whatever breaks one is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sealing import cms, der, revision, structure
from app.sealing.structure import Document, Unreadable
from tests.sealing.papers import (
    NAMES,
    STAMP,
    openssl,
    paper,
    pdfsig,
    prepare,
    pyhanko,
    sealed,
)
from tests.sealing.pki import Authority, TestSigner


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def signers(authority: Authority) -> list[TestSigner]:
    """Six societies; the second and the fifth sign with RSA."""
    return [
        authority.signer(name, "rsa-3072" if number in {1, 4} else "ecdsa-p256")
        for number, name in enumerate(NAMES)
    ]


@pytest.fixture(scope="module")
def three(signers: list[TestSigner]) -> bytes:
    return sealed(signers[:3])


@pytest.mark.parametrize("societies", [1, 2, 3, 6])
def test_every_seal_is_accepted_by_others(
    societies: int, authority: Authority, signers: list[TestSigner], tmp_path: Path
) -> None:
    document = sealed(signers[:societies])

    assert pyhanko(document, authority.der) == dict.fromkeys(NAMES[:societies], True)
    assert pdfsig(document, tmp_path, authority.der) == [(True, True)] * societies
    for name in NAMES[:societies]:
        assert openssl(document, name, tmp_path, authority.der)


def test_control_without_their_authority_nobody_trusts_them(three: bytes, tmp_path: Path) -> None:
    stranger = Authority("Another authority")

    assert pyhanko(three, stranger.der) == dict.fromkeys(NAMES[:3], False)
    assert pdfsig(three, tmp_path, stranger.der) == [(True, False)] * 3
    assert not openssl(three, "siim", tmp_path, stranger.der)


def test_nothing_that_was_there_is_touched(signers: list[TestSigner]) -> None:
    document = sealed(signers[:3])
    assert document.startswith(paper(3))
    assert [one.field for one in revision.signatures(document)] == list(NAMES[:3])
    assert revision.empty_fields(document) == [STAMP]


def test_the_first_seal_certifies_and_no_other_does(three: bytes) -> None:
    catalog = structure.entries(Document(three).catalog[1])
    assert three.count(b"/TransformMethod /DocMDP") == 1
    assert three.count(b"/Perms") == 1
    assert b"/Perms" in catalog


def test_a_flipped_byte_breaks_every_seal(
    three: bytes, authority: Authority, tmp_path: Path
) -> None:
    place = three.index(b"/Type /Page") + 3
    broken = three[:place] + bytes((three[place] ^ 1,)) + three[place + 1 :]

    assert [valid for valid, _ in pdfsig(broken, tmp_path, authority.der)] == [False] * 3
    assert not any(openssl(broken, name, tmp_path, authority.der) for name in NAMES[:3])
    assert [s.digest == cms.read(s.container).digest for s in revision.signatures(broken)] == [
        False
    ] * 3


def test_a_cut_revision_leaves_a_field_empty(three: bytes, authority: Authority) -> None:
    """What remains is a sound document of two seals: only the set of them tells."""
    cut = three[: revision.signatures(three)[1].covers]

    assert pyhanko(cut, authority.der) == dict.fromkeys(NAMES[:2], True)
    assert revision.empty_fields(cut) == ["efrs", STAMP]


def test_an_update_after_the_seals_is_seen(three: bytes, authority: Authority) -> None:
    document = Document(three)
    root, catalog = document.catalog
    changed = structure.with_entry(
        catalog, b"/OpenAction", b"<< /S /JavaScript /JS (app.beep()) >>"
    )
    place = len(three)
    update = b"%d 0 obj\n%b\nendobj\n" % (root, changed)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (root, place)
    trailer = b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        document.size, root, document.last_table, place + len(update)
    )  # fmt: skip
    forged = three + update + table + trailer

    assert not any(pyhanko(forged, authority.der).values())
    assert max(s.covers for s in revision.signatures(forged)) < len(forged)


def test_a_forged_signature_is_refused(
    authority: Authority, signers: list[TestSigner], tmp_path: Path
) -> None:
    """Somebody without the key puts a signature of another key under the society's certificate."""
    thief = replace(signers[0], key=signers[2].key)
    document = sealed([thief])

    assert pyhanko(document, authority.der) == {"eusomii": False}
    assert pdfsig(document, tmp_path, authority.der)[0][0] is False
    assert not openssl(document, "eusomii", tmp_path, authority.der)


def test_a_seal_names_its_certificate_so_that_no_other_can_take_its_place(
    authority: Authority, signers: list[TestSigner], tmp_path: Path
) -> None:
    """The same key under a certificate of another name, put into the container afterwards."""
    society = signers[0]
    prepared = prepare(paper(1), "eusomii", society, certifies=True, spare=100)
    form = cms.form(society)
    attributes = form.attributes(prepared.digest)
    other = authority.signer("another name", key=society.key)
    swapped = replace(form, certificates=(other.certificates[0], society.certificates[1]))
    document = prepared.filled(swapped.container(attributes, society.sign(attributes)))

    assert pyhanko(document, authority.der) == {"eusomii": False}
    assert not openssl(document, "eusomii", tmp_path, authority.der)
    assert not cms.read(revision.signatures(document)[0].container).names_its_certificate()


def test_all_but_the_signature_is_the_same_each_time(signers: list[TestSigner]) -> None:
    first, second = (prepare(paper(1), "eusomii", signers[0], certifies=True) for _ in range(2))
    assert first == second
    assert cms.form(signers[0]).attributes(first.digest) == cms.form(signers[0]).attributes(
        second.digest
    )


def test_a_seal_that_waits_is_taken_up_where_it_was_left(
    authority: Authority, signers: list[TestSigner]
) -> None:
    prepared = prepare(paper(1), "eusomii", signers[0], certifies=True)
    later = revision.unfinished(prepared.content)

    assert later == prepared
    document = later.filled(cms.sign(signers[0], later.digest))
    assert pyhanko(document, authority.der) == {"eusomii": True}
    with pytest.raises(Unreadable):
        revision.unfinished(document)


def test_a_field_is_sealed_once(three: bytes, signers: list[TestSigner]) -> None:
    with pytest.raises(revision.Taken):
        prepare(three, "siim", signers[1], certifies=False)
    with pytest.raises(Unreadable):
        prepare(three, "nobody", signers[1], certifies=False)


def test_what_is_signed_holds_the_digest_and_no_time(signers: list[TestSigner]) -> None:
    """PAdES keeps the time in the document or in a time stamp, never in the attributes."""
    prepared = prepare(paper(1), "eusomii", signers[0], certifies=True)
    signed = cms.read(cms.sign(signers[0], prepared.digest))

    assert signed.digest == prepared.digest
    assert signed.names_its_certificate()
    kinds = [attribute.parts()[0].whole for attribute in der.read(signed.attributes)]
    assert kinds == [cms.CONTENT_TYPE, cms.MESSAGE_DIGEST, cms.SIGNING_CERTIFICATE_V2]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d[:-30],
        lambda d: re.sub(rb"startxref\s+\d+", b"startxref\n7", d),
        lambda d: d.replace(b"/Fields", b"/Felder"),
        lambda _: b"",
        lambda _: b"%PDF-1.7\nnothing\n",
    ],
)
def test_a_document_that_is_none_of_ours_is_not_sealed(spoil, signers: list[TestSigner]) -> None:
    with pytest.raises(Unreadable):
        prepare(spoil(paper(1)), "eusomii", signers[0], certifies=True)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_text_is_read_as_it_was_written(words: str) -> None:
    assert structure.text(structure.written(words)) == words


@given(
    st.dictionaries(
        st.from_regex(rb"/[A-Za-z]{1,8}", fullmatch=True),
        st.sampled_from(
            [b"/Name", b"12 0 R", b"(a \\) b)", b"(a (nested) >> b)", b"<feff00e9>", b"-1.5",
             b"true", b"[1 0 R 2 0 R]", b"<< /A << /B [<00>] >> /C (<<) >>", b"null"]
        ),
    )
)  # fmt: skip
def test_a_dictionary_is_read_as_it_was_written(facts: dict[bytes, bytes]) -> None:
    dictionary = b"<< " + b" ".join(b"%b %b" % pair for pair in facts.items()) + b" >>"
    assert structure.dictionary_at(b"7 0 obj " + dictionary + b" endobj", 7) == dictionary
    assert structure.entries(dictionary) == facts
