"""The Merkle tree of RFC 9162, section 2.1: hashes, roots, and proofs of inclusion and consistency.

Nothing here knows where hashes are kept. What is proved is put together from complete subtrees: the
one at (level, index) holds the 2^level leaves from index * 2^level on, level 0 the leaves
themselves. A complete subtree never changes again, so every proof costs a few dozen of them,
however long the log is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256

Place = tuple[int, int]
"""Level and index of a complete subtree."""
Hashes = Callable[[int, int], bytes]
"""The hash of the complete subtree at a level and an index."""

EMPTY = sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(content: bytes) -> bytes:
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def subtrees(begin: int, end: int) -> list[Place]:
    """The complete subtrees that the leaves from begin to end fall into, the largest first.

    As every range that a proof names, it begins at a multiple of the power of two it fits into.
    """
    found = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        found.append((level, begin >> level))
        begin += 1 << level
    return found


def root(size: int, hashes: Hashes) -> bytes:
    """The root of the tree of the first so many leaves."""
    return _range(0, size, hashes) if size else EMPTY


def inclusion(position: int, size: int, hashes: Hashes) -> list[bytes]:
    """The proof that the leaf at a position is in the tree of a size (2.1.3.1)."""
    if not 0 <= position < size:
        raise ValueError("no such leaf in a tree of this size")
    begin, end, path = 0, size, []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if position < middle:
            path.append(_range(middle, end, hashes))
            end = middle
        else:
            path.append(_range(begin, middle, hashes))
            begin = middle
    return path[::-1]


def consistency(old: int, new: int, hashes: Hashes) -> list[bytes]:
    """The proof that the tree of the new size continues the one of the old size (2.1.4.1)."""
    if not 0 < old <= new:
        raise ValueError("the older tree has leaves, and not more than the newer")
    begin, end, is_old_root, path = 0, new, True, []
    while end != old:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append(_range(middle, end, hashes))
            end = middle
        else:
            path.append(_range(begin, middle, hashes))
            begin, is_old_root = middle, False
    return ([] if is_old_root else [_range(begin, end, hashes)]) + path[::-1]


def includes(
    leaf: bytes, position: int, size: int, proof: Sequence[bytes], root_hash: bytes
) -> bool:
    """Whether the proof shows that the leaf with this hash is in the tree (2.1.3.2)."""
    if not 0 <= position < size:
        return False
    here, last, found = position, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_hash(sibling, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root_hash


def continues(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the newer tree continues the older one (2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old in {0, new}:
        return not proof and old_root == (new_root if old else EMPTY)
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    older = newer = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            newer = node_hash(newer, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and older == old_root and newer == new_root


def grown(
    size: int, leaves: Sequence[bytes], edge: Mapping[Place, bytes]
) -> Iterator[tuple[Place, bytes]]:
    """The complete subtrees, without the leaves, that come about when leaves are appended.

    `edge` holds the subtrees of the tree as it was: `subtrees(0, size)`.
    """
    known = dict(edge)
    for position, leaf in enumerate(leaves, size):
        level, index, found = 0, position, leaf
        known[level, index] = found
        while index & 1:
            found = node_hash(known[level, index - 1], found)
            level, index = level + 1, index >> 1
            known[level, index] = found
            yield (level, index), found


def wanted_by(build: Callable[[Hashes], object]) -> set[Place]:
    """The subtrees that something is put together from, to be fetched all at once."""
    wanted: set[Place] = set()

    def note(level: int, index: int) -> bytes:
        wanted.add((level, index))
        return EMPTY

    build(note)
    return wanted


def _range(begin: int, end: int, hashes: Hashes) -> bytes:
    """The hash over the leaves from begin to end."""
    *before, last = subtrees(begin, end)
    found = hashes(*last)
    for place in reversed(before):
        found = node_hash(hashes(*place), found)
    return found


def _split(size: int) -> int:
    """The largest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)
