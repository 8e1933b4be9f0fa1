"""Reading CSV: which encoding, which separator, then the same table as from a workbook."""

import csv
import io
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from portal.lib.errors import DomainError
from portal.lib.workbook.table import MOST_CELLS, Cell, Table, build_table, clean_text

MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# What Excel writes in Japan, China, Thailand and the West when nobody asks it for UTF-8.
LOCAL_ENCODINGS: Final = ("cp932", "gb18030", "cp874", "cp1252")
READERS: Final = {"ja": "cp932", "zh": "gb18030", "th": "cp874"}
SAMPLE: Final = 40_000
SEPARATORS: Final = ",;\t"
LONGEST_CELL: Final = 200_000
THAI_MARKS: Final = frozenset("ัิีึืฺุู็่้๊๋์ํ๎")


def read_separated(content: bytes) -> Table:
    """Read CSV in UTF-8, UTF-16 or a local encoding, separated by comma, semicolon or tab."""
    text = decode(content)
    lines: list[tuple[int, list[Cell]]] = []
    cells = 0
    csv.field_size_limit(LONGEST_CELL)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=find_separator(text), strict=False)
        for number, line in enumerate(reader, start=1):
            cells += len(line)
            if cells > MOST_CELLS:
                raise too_many_cells()
            lines.append((number, [clean_text(value) for value in line]))
    except csv.Error as error:
        raise not_a_table() from error
    return build_table("", lines)


def decode(content: bytes) -> str:
    """Return the text; of the encodings that fit the one whose letters make sense wins."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return decode_as(content, encoding)
    if b"\0" in content:
        raise not_a_table()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return decode_as(content, guess_encoding(content))


def decode_as(content: bytes, encoding: str) -> str:
    """Decode strictly."""
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, ValueError) as error:
        raise not_a_table() from error


def guess_encoding(content: bytes) -> str:
    """Return the local encoding that fits best; the reader's own wins a tie."""
    own = READERS.get((translation.get_language() or "").split("-")[0])
    best, best_score = "", 0.0
    for encoding in LOCAL_ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        score = SCORES[encoding](text[:SAMPLE]) + (0.05 if encoding == own else 0.0)
        if score > best_score:
            best, best_score = encoding, score
    if not best:
        raise not_a_table()
    return best


def share_of(points: float, text: str) -> float:
    """Return points per byte-pair-sized character, 0 for plain text."""
    letters = sum(1 for letter in text if letter > "\x7f")
    return points / letters if letters else 0.0


def score_japanese(text: str) -> float:
    """Kana and everyday kanji speak for Japanese; half-width kana are mostly another encoding misread."""
    points = 0.0
    for letter in text:
        if "\u3040" <= letter <= "\u30ff":
            points += 1.5
        elif "\u4e00" <= letter <= "\u9fff":
            points += 1.0 if is_level_one(letter, "shift_jis", 0x88, 0x97) else 0.2
        elif "\uff61" <= letter <= "\uff9f" or "\ue000" <= letter <= "\uf8ff":
            points -= 0.7
    return share_of(points, text)


def score_chinese(text: str) -> float:
    """Everyday hanzi speak for Chinese; rare ones are mostly another encoding misread."""
    points = 0.0
    for letter in text:
        if "\u4e00" <= letter <= "\u9fff":
            points += 1.0 if is_level_one(letter, "gb2312", 0xB0, 0xD7) else -0.5
        elif "\uff01" <= letter <= "\uff5e" or letter in "、。《》“”（）":
            points += 0.8
        elif letter > "\x7f":
            points -= 0.3
    return share_of(points, text)


def score_thai(text: str) -> float:
    """Thai marks stand on Thai letters; anywhere else it is another encoding misread."""
    points, before = 0.0, ""
    for letter in text:
        if "\u0e01" <= letter <= "\u0e5b":
            points += -2.0 if letter in THAI_MARKS and not "\u0e01" <= before <= "\u0e5b" else 0.8
        elif letter > "\x7f":
            points -= 1.0
        before = letter
    return share_of(points, text)


def score_western(text: str) -> float:
    """Accented letters stand alone beside plain ones: "Müller"; rows of them are another encoding misread."""
    points = 0.0
    padded = f" {text} "
    for before, letter, after in zip(padded, padded[1:], padded[2:], strict=False):
        if letter > "\x7f":
            alone = before <= "\x7f" and after <= "\x7f" and (before.isalpha() or after.isalpha())
            points += 0.9 if letter.isalpha() and alone else -0.5
    return share_of(points, text)


def is_level_one(letter: str, encoding: str, first: int, last: int) -> bool:
    """Whether the letter stands among the everyday ones of a national character set."""
    try:
        lead = letter.encode(encoding)[0]
    except UnicodeEncodeError:
        return False
    return first <= lead <= last


SCORES: Final = {
    "cp932": score_japanese,
    "gb18030": score_chinese,
    "cp874": score_thai,
    "cp1252": score_western,
}


def find_separator(text: str) -> str:
    """Return the separator that stands most often in the first line with any, quoted parts aside."""
    for line in text[:SAMPLE].splitlines():
        bare = "".join(part for index, part in enumerate(line.split('"')) if index % 2 == 0)
        counts = {mark: bare.count(mark) for mark in SEPARATORS}
        if any(counts.values()):
            return max(counts, key=lambda mark: counts[mark])
    return ","


def not_a_table() -> DomainError:
    """The error for a file that is no table."""
    message = _("This is neither an Excel workbook (.xlsx) nor a CSV file. Save your table as .xlsx and upload that.")
    return DomainError(message, code="not_a_table")


def too_many_cells() -> DomainError:
    """The error for a CSV with too many cells."""
    message = _("The file has more than %(limit)s cells. Split the table and upload the parts one by one.")
    return DomainError(message % {"limit": f"{MOST_CELLS:,}"}, code="too_many_cells")
