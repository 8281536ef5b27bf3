"""The tree of RFC 9162, against published values and against its own definition."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.transparency import tree

LEAVES = [
    bytes.fromhex(leaf)
    for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                 "606162636465666768696a6b6c6d6e6f")
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""What Certificate Transparency publishes for these eight leaves, from none of them to all."""
INCLUSIONS = {
    (0, 1): [],
    (0, 8): ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"],
    (5, 8): ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}  # fmt: skip
CONSISTENCIES = {
    (1, 1): [],
    (1, 8): ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"],
    (6, 8): ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
    (2, 5): ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"],
}  # fmt: skip
LARGEST = 400


def kept(leaves):
    """Every complete subtree over these leaves, grown in three pieces."""
    hashes = [tree.leaf_hash(leaf) for leaf in leaves]
    places: dict[tuple[int, int], bytes] = {}
    begin = 0
    for end in (len(hashes) // 3, len(hashes) // 2, len(hashes)):
        places |= {(0, n): hashes[n] for n in range(begin, end)}
        edge = {place: places[place] for place in tree.subtrees(0, begin)}
        places |= dict(tree.grown(begin, hashes[begin:end], edge))
        begin = end
    return lambda level, index: places[level, index]


def defined(leaves):
    """MTH as section 2.1.1 defines it, word by word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return sha256(b"\x01" + defined(leaves[:middle]) + defined(leaves[middle:])).digest()


MANY = [str(n).encode() for n in range(LARGEST)]
HASHES = kept(MANY)
size = st.integers(1, LARGEST)


@pytest.mark.parametrize("count", range(9))
def test_roots_are_those_that_are_published(count):
    assert tree.root(count, kept(LEAVES[:count])).hex() == ROOTS[count]


@pytest.mark.parametrize(("asked", "path"), INCLUSIONS.items())
def test_proofs_of_inclusion_are_those_that_are_published(asked, path):
    assert [step.hex() for step in tree.inclusion(*asked, kept(LEAVES))] == path


@pytest.mark.parametrize(("asked", "path"), CONSISTENCIES.items())
def test_proofs_of_consistency_are_those_that_are_published(asked, path):
    assert [step.hex() for step in tree.consistency(*asked, kept(LEAVES))] == path


@given(size)
def test_a_root_is_what_the_definition_says(count):
    assert tree.root(count, HASHES) == defined(MANY[:count])


@given(size, st.data())
def test_every_leaf_is_proved_to_be_there_and_no_other_in_its_place(count, data):
    position = data.draw(st.integers(0, count - 1))
    root, proof = tree.root(count, HASHES), tree.inclusion(position, count, HASHES)
    leaf = tree.leaf_hash(MANY[position])

    assert tree.includes(leaf, position, count, proof, root)
    assert not tree.includes(tree.leaf_hash(b"another"), position, count, proof, root)
    for other in {0, position - 1, position + 1, count - 1, count} - {position}:
        assert not tree.includes(leaf, other, count, proof, root)
    assert not tree.includes(leaf, position, count, [*proof, root], root)
    for n in range(len(proof)):
        assert not tree.includes(leaf, position, count, proof[:n] + proof[n + 1 :], root)
        changed = [*proof[:n], bytes([proof[n][0] ^ 1]) + proof[n][1:], *proof[n + 1 :]]
        assert not tree.includes(leaf, position, count, changed, root)


@given(size, st.data())
def test_a_larger_tree_is_proved_to_continue_a_smaller_one_and_no_other(count, data):
    old = data.draw(st.integers(1, count))
    before, after = tree.root(old, HASHES), tree.root(count, HASHES)
    proof = tree.consistency(old, count, HASHES)

    assert tree.continues(old, before, count, after, proof)
    other = defined([*MANY[: old - 1], b"another"])
    assert not tree.continues(old, other, count, after, proof)
    assert not tree.continues(old, before, count, other, proof)
    for n in range(len(proof)):
        assert not tree.continues(old, before, count, after, proof[:n] + proof[n + 1 :])
        changed = [*proof[:n], bytes([proof[n][0] ^ 1]) + proof[n][1:], *proof[n + 1 :]]
        assert not tree.continues(old, before, count, after, changed)


@given(size, st.data())
def test_a_tree_in_which_an_early_leaf_was_changed_does_not_continue(count, data):
    old = data.draw(st.integers(1, count))
    changed = data.draw(st.integers(0, old - 1))
    leaves = [*MANY[:changed], b"rewritten", *MANY[changed + 1 : count]]
    rewritten = kept(leaves)
    proof = tree.consistency(old, count, rewritten)

    assert not tree.continues(
        old, tree.root(old, HASHES), count, tree.root(count, rewritten), proof
    )


def test_every_tree_continues_the_empty_one_and_none_goes_back():
    after = tree.root(5, HASHES)
    assert tree.continues(0, tree.EMPTY, 5, after, [])
    assert not tree.continues(0, after, 5, after, [])
    assert not tree.continues(6, tree.root(6, HASHES), 5, after, [])


def test_what_cannot_be_proved_is_not_asked_for():
    for wrong in (lambda: tree.inclusion(5, 5, HASHES), lambda: tree.consistency(0, 5, HASHES),
                  lambda: tree.consistency(6, 5, HASHES)):  # fmt: skip
        with pytest.raises(ValueError):
            wrong()


def test_a_proof_in_a_million_leaves_takes_a_few_dozen_hashes():
    million = 1_000_003
    wanted = tree.wanted_by(lambda hashes: tree.inclusion(654_321, million, hashes))
    wanted |= tree.wanted_by(lambda hashes: tree.consistency(654_321, million, hashes))
    assert len(wanted) <= 2 * 40
