"""Makes this folder's faces and coverage.txt out of the published packages (see README.md).

python app/typefaces/make.py FOLDER_WITH_UNPACKED_PACKAGES
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
HANGUL = range(0xAC00, 0xD7A4)
KANA_AND_PUNCTUATION = (*range(0x3000, 0x3040), *range(0x3040, 0x3100), *range(0xFF01, 0xFFEF))

WHOLE = {
    "EBGaramond-Regular.ttf": "eb-garamond/400Regular/EBGaramond_400Regular.ttf",
    "EBGaramond-Italic.ttf": "eb-garamond/400Regular_Italic/EBGaramond_400Regular_Italic.ttf",
    "EBGaramond-Medium.ttf": "eb-garamond/500Medium/EBGaramond_500Medium.ttf",
    "EBGaramond-SemiBold.ttf": "eb-garamond/600SemiBold/EBGaramond_600SemiBold.ttf",
    "NotoSerif-Regular.ttf": "noto-serif/400Regular/NotoSerif_400Regular.ttf",
    "NotoNaskhArabic-Regular.ttf": "noto-naskh-arabic/400Regular/NotoNaskhArabic_400Regular.ttf",
    "NotoNaskhArabic-Medium.ttf": "noto-naskh-arabic/500Medium/NotoNaskhArabic_500Medium.ttf",
    "NotoSerifHebrew-Regular.ttf": "noto-serif-hebrew/400Regular/NotoSerifHebrew_400Regular.ttf",
    "NotoSerifHebrew-Medium.ttf": "noto-serif-hebrew/500Medium/NotoSerifHebrew_500Medium.ttf",
    "NotoSerifDevanagari-Regular.ttf": (
        "noto-serif-devanagari/400Regular/NotoSerifDevanagari_400Regular.ttf"
    ),
    "NotoSerifDevanagari-Medium.ttf": (
        "noto-serif-devanagari/500Medium/NotoSerifDevanagari_500Medium.ttf"
    ),
    "NotoSerifThai-Regular.ttf": (
        "fontsource-noto-serif-thai/files/noto-serif-thai-thai-400-normal.woff2"
    ),
    "NotoSerifThai-Medium.ttf": (
        "fontsource-noto-serif-thai/files/noto-serif-thai-thai-500-normal.woff2"
    ),
}


def standing_in(charset: str, rows: range, cells: range = range(0x21, 0x7F)) -> set[int]:
    """The code points of the rows of a 94 × 94 East Asian standard, through its EUC encoding."""
    found: set[int] = set()
    for row in rows:
        for cell in cells:
            try:
                found.update(map(ord, bytes((row + 0x80, cell + 0x80)).decode(charset)))
            except UnicodeDecodeError:
                continue
    return found


def standing_between(charset: str, leads: Iterable[int]) -> set[int]:
    """The code points of the two-byte part of an encoding that uses more than 94 × 94."""
    found: set[int] = set()
    for lead in leads:
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFF)):
            try:
                found.update(map(ord, bytes((lead, trail)).decode(charset)))
            except UnicodeDecodeError:
                continue
    return found


def east_asian() -> dict[str, tuple[str, set[int]]]:
    """Each region's own standard in its own shapes; Big5 level 1 rides on the Chinese face."""
    punctuation = set(KANA_AND_PUNCTUATION)
    japanese = standing_in("euc_jp", range(0x21, 0x75)) | punctuation
    # JIS X 0208 lacks 髙, 﨑 and other everyday forms of names; the vendors' rows have them.
    japanese |= standing_between("cp932", (*range(0x81, 0xA0), *range(0xE0, 0xFD)))
    japanese -= set(range(0xE000, 0xF900))
    simplified = standing_in("gb2312", range(0x21, 0x78)) | punctuation
    simplified |= standing_between("big5", range(0xA4, 0xC7))
    return {
        "NotoSerifJP-Medium.ttf": ("noto-serif-jp/500Medium/NotoSerifJP_500Medium.ttf", japanese),
        "NotoSerifSC-Medium.ttf": ("noto-serif-sc/500Medium/NotoSerifSC_500Medium.ttf", simplified),
        "NotoSerifKR-Medium.ttf": (
            "noto-serif-kr/500Medium/NotoSerifKR_500Medium.ttf",
            set(HANGUL) | set(range(0x3131, 0x318F)) | set(range(0x3000, 0x3020)),
        ),
    }


def subset(source: Path, target: Path, wanted: Iterable[int]) -> None:
    font = TTFont(source, recalcTimestamp=False)
    options = Options()
    options.hinting = False
    options.layout_features = ["ccmp", "locl", "liga"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "DSIG", "STAT"]
    subsetter = Subsetter(options)
    # Latin stays with EB Garamond, but a space is set in the face of the word before it.
    subsetter.populate(unicodes=[0x20, 0xA0, *(point for point in wanted if point >= 0x2E80)])
    subsetter.subset(font)
    font.save(target)


def copy(source: Path, target: Path) -> None:
    font = TTFont(source, recalcTimestamp=False)
    font.flavor = None
    font.save(target)


def coverage() -> str:
    """Every code point that some face here can print, as hexadecimal ranges, one a line."""
    points: set[int] = set()
    for face in sorted(HERE.glob("*.ttf")):
        points.update(TTFont(face, lazy=True).getBestCmap())
    lines, start, last = [], -1, -2
    for point in [*sorted(points), 0x110000]:
        if point != last + 1:
            if start >= 0:
                lines.append(f"{start:X}-{last:X}" if last > start else f"{start:X}")
            start = point
        last = point
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    packages = Path(sys.argv[1])
    for name, path in WHOLE.items():
        copy(packages / path, HERE / name)
    for name, (path, wanted) in east_asian().items():
        subset(packages / path, HERE / name, wanted)
    (HERE / "coverage.txt").write_text(coverage())
