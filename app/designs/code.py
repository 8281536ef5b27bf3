"""QR codes, quickly: what addresses of one length share is worked out once.

Version, mask and the modules that carry no data follow from the length alone; only data and error
correction (ISO/IEC 18004, level Q, byte mode) differ from one address to the next.
"""

import re
from functools import lru_cache
from itertools import chain, zip_longest
from typing import Any

import segno
from segno import consts, encoder

MASK = 2
DARK = re.compile("1+")
Point = tuple[int, int]
EMPTY = 0x2
PIECE = 8
POLYNOMIAL = 0x11D


class Form:
    """Everything about the codes of addresses of one length but their data."""

    def __init__(self, length: int) -> None:
        pattern = segno.make(b"x" * length, error="q", mask=MASK, micro=False, boost_error=False)
        assert isinstance(pattern.version, int)
        self.version = pattern.version
        levels: Any = consts.ECC[self.version]
        self.blocks = [
            info for info in levels[consts.ERROR_LEVEL_Q] for _ in range(info.num_blocks)
        ]
        self.capacity = sum(block.num_data for block in self.blocks)
        self.order = _order(self.version)
        self.modules = len(pattern.matrix)
        # Under a mask, all that is no data stays as it is: without its data the code is a ground.
        self.places = [_place(8 * n, self.order, self.modules) for n in range(len(self.order) // 8)]
        dark = "".join("01"[module] for row in pattern.matrix for module in row)
        self.ground = int(dark, 2) ^ self.woven(b"x" * length)

    def codewords(self, address: bytes) -> list[int]:
        """Data and error correction, interleaved."""
        wide = 16 if self.version > 9 else 8
        bits = 0b0100 << wide | len(address)
        number = (bits << 8 * len(address) | int.from_bytes(address)) << 4
        data = list(number.to_bytes((4 + wide + 8 * len(address) + 4) // 8))
        data += [(0xEC, 0x11)[n % 2] for n in range(self.capacity - len(data))]
        parts, checks, start = [], [], 0
        for block in self.blocks:
            part = data[start : start + block.num_data]
            start += block.num_data
            parts.append(part)
            checks.append(_checks(part, block.num_total - block.num_data))
        woven = chain(chain(*zip_longest(*parts)), chain(*zip_longest(*checks)))
        return [word for word in woven if word is not None]

    def woven(self, address: bytes) -> int:
        """The data modules of an address, as the bits of one number."""
        number = 0
        for word, (high, low) in zip(self.codewords(address), self.places, strict=True):
            number ^= high[word >> 4] ^ low[word & 15]
        return number

    def rows(self, address: bytes) -> list[str]:
        """Rows of modules: 1 is dark."""
        side = self.modules
        modules = f"{self.ground ^ self.woven(address):0{side * side}b}"
        return [modules[start : start + side] for start in range(0, side * side, side)]


def rectangles(address: str) -> tuple[str, int]:
    """The dark modules as path operators, modules from the upper left, and how many a side has."""
    text = address.encode()
    form = _form(len(text))
    parts = [
        _drawn(x, y, row[x : x + PIECE])
        for y, row in enumerate(form.rows(text))
        for x in range(0, form.modules, PIECE)
    ]
    return "".join(parts), form.modules


@lru_cache(maxsize=1 << 15)
def _drawn(x: int, y: int, modules: str) -> str:
    """A piece of a row: a run of dark modules is one rectangle."""
    return "".join(
        f"{x + run.start()} {y} {run.end() - run.start()} 1 re\n" for run in DARK.finditer(modules)
    )


@lru_cache(maxsize=32)
def _form(length: int) -> Form:
    return Form(length)


def _place(first: int, order: list[Point], side: int) -> tuple[list[int], list[int]]:
    """Where the eight bits of a codeword go: numbers for every upper and every lower half."""
    bits = [1 << side * side - 1 - (y * side + x) for x, y in order[first : first + 8]]
    return _halves(bits[:4]), _halves(bits[4:])


def _halves(bits: list[int]) -> list[int]:
    return [sum(bit for n, bit in enumerate(bits) if half >> 3 - n & 1) for half in range(16)]


def _order(version: int) -> list[Point]:
    """Places of the data modules, in pairs of columns from the lower right, up and down."""
    make: Any = encoder  # the library gives its inner functions no types
    side = make.calc_matrix_size(version)
    matrix = make.make_matrix(side, side)
    make.add_finder_patterns(matrix, side, side)
    make.add_alignment_patterns(matrix, side, side)
    order, upwards = [], True
    for right in (*range(side - 1, 6, -2), *range(5, 0, -2)):
        for y in range(side - 1, -1, -1) if upwards else range(side):
            order += [(x, y) for x in (right, right - 1) if matrix[y][x] == EMPTY]
        upwards = not upwards
    return order


def _checks(data: list[int], number: int) -> list[int]:
    """The remainder of the data by the generator of so many check words."""
    rows, lid = _generator(number), (1 << 8 * number) - 1
    rest = 0
    for word in data:
        factor = rest >> 8 * (number - 1) ^ word
        rest = (rest << 8 & lid) ^ rows[factor]
    return list(rest.to_bytes(number))


@lru_cache(maxsize=16)
def _generator(number: int) -> list[int]:
    """Multiples of the generator polynomial, its leading coefficient left out."""
    powers, value = [], 1
    for _ in range(255):
        powers.append(value)
        value <<= 1
        if value & 0x100:
            value ^= POLYNOMIAL
    logs = {power: exponent for exponent, power in enumerate(powers)}

    def times(a: int, b: int) -> int:
        return powers[(logs[a] + logs[b]) % 255] if a and b else 0

    generator = [1]
    for exponent in range(number):
        shifted = [*generator, 0]
        for place, coefficient in enumerate(generator):
            shifted[place + 1] ^= times(coefficient, powers[exponent])
        generator = shifted
    return [int.from_bytes(bytes(times(c, f) for c in generator[1:])) for f in range(256)]
