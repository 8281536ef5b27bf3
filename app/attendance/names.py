"""Names and titles made comparable: «Siân Ŵyn-Ŷale» and «wyn yale, SIAN» are the same words.

Compatibility forms and capitals are folded, accents of Latin, Greek and Cyrillic letters and the
vowel points of Hebrew and Arabic left out. Vowel signs of Indic scripts stay: without them two
different names would become one.
"""

import re
import unicodedata

# Letters that Unicode does not take apart, as people write them on a keyboard without them.
PLAIN = str.maketrans({
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th",
    "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t",
})  # fmt: skip
ACCENTS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u064b-\u0652\u0670]"
)
APOSTROPHES = re.compile("['`´\u2018\u2019\u02bc\u02b9\uff07]")
BETWEEN = re.compile(r"[\s\-_.,;:/|()\[\]\u2010-\u2015\u05be\u00b7\u30fb\"“”«»]+")


def folded(text: str) -> tuple[str, ...]:
    """The words of a name or title, in their order, ready to be compared."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = APOSTROPHES.sub("", ACCENTS.sub("", plain)).translate(PLAIN)
    plain = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    return tuple(filter(None, BETWEEN.split(unicodedata.normalize("NFC", plain))))
