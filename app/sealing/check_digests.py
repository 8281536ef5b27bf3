"""Does every .tbs file hold the SHA-256 of the diploma beside it? Python 3 is all it needs."""

import hashlib
import pathlib
import re
import sys

MARK = bytes.fromhex("06092a864886f70d01090431220420")  # message digest, a set of 32 bytes
RANGE = re.compile(rb"/ByteRange ?\[ ?(\d+) +(\d+) +(\d+) +(\d+) *\]")


def fits(tbs: bytes, pdf: bytes) -> bool:
    """The last seal's range is the whole file but its own empty place, and the digest is its."""
    zero, start, end, rest = map(int, RANGE.findall(pdf)[-1])
    empty = re.fullmatch(rb"<0+>", pdf[start:end])
    whole = zero == 0 and end + rest == len(pdf) and empty
    digest = hashlib.sha256(pdf[:start] + pdf[end:]).digest()
    return bool(whole and tbs.count(MARK) == 1 and tbs.split(MARK)[1][:32] == digest)


wrong = 0
for tbs in sorted(pathlib.Path().glob("*.tbs")):
    pdf = tbs.with_suffix(".pdf")
    good = pdf.exists() and fits(tbs.read_bytes(), pdf.read_bytes())
    wrong += not good
    print(tbs.stem, "fits" if good else "DOES NOT FIT: do not sign it")
sys.exit(1 if wrong else 0)
