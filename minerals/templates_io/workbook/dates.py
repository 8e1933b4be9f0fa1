"""The effective date, in every form seen in real files."""

import datetime
import re
import unicodedata
from typing import Final

from minerals.templates_io.workbook.cells import CellValue
from minerals.templates_io.workbook.packs import months

EPOCH: Final = datetime.date(1899, 12, 30)
SERIALS: Final = range(36526, 73051)  # 2000 to 2100 as Excel counts days
CENTURY: Final = 100
MONTHS_IN_YEAR: Final = 12
YEAR_FIRST: Final = re.compile(r"(\d{4})\s*[-/.年년]\s*(\d{1,2})\s*[-/.月월]\s*(\d{1,2})\s*[日일]?(?:[T ].*)?")
COMPACT: Final = re.compile(r"(20\d\d)(\d\d)(\d\d)")
YEAR_LAST: Final = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})")
WORDS: Final = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|\.)?[\s\-/.,]*(?:de\s+)?([^\W\d]{3,})\.?[\s\-/.,]*(?:de\s+)?(\d{4}|\d{2})"
)
MONTH_FIRST: Final = re.compile(r"([^\W\d]{3,})\.?[\s\-/.]*(\d{1,2})(?:st|nd|rd|th)?[\s\-/.,]+(\d{4}|\d{2})")


def read_date(value: CellValue) -> str:
    """Return the date as ISO; empty where it is none, or could be two (10/05/2024)."""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, int | float):
        return _from_serial(float(value))
    return _from_text(unicodedata.normalize("NFKC", value).strip()) if isinstance(value, str) else ""


def _from_serial(number: float) -> str:
    days = int(number) if number == number and abs(number) < SERIALS.stop else 0  # noqa: PLR0124 not a number
    return (EPOCH + datetime.timedelta(days=days)).isoformat() if days in SERIALS else ""


def _from_text(text: str) -> str:
    if text.replace(".", "", 1).isascii() and re.fullmatch(r"\d{5}(\.0+)?", text):
        return _from_serial(float(text))
    if found := YEAR_FIRST.fullmatch(text) or COMPACT.fullmatch(text):
        return _iso(found[1], found[2], found[3])
    if found := YEAR_LAST.fullmatch(text):
        return _day_or_month_first(int(found[1]), int(found[2]), found[3])
    if found := WORDS.fullmatch(text):
        return _iso(found[3], str(_month(found[2])), found[1])
    if found := MONTH_FIRST.fullmatch(text):
        return _iso(found[3], str(_month(found[1])), found[2])
    return ""


def _day_or_month_first(first: int, second: int, year: str) -> str:
    """Return the date if only one order gives one: 25/04/2025 and 04/25/2025, not 10/05/2024."""
    if first == second or second > MONTHS_IN_YEAR:
        return _iso(year, str(first), str(second))
    return _iso(year, str(second), str(first)) if first > MONTHS_IN_YEAR else ""


def _month(name: str) -> int:
    folded = name.casefold()
    return next((months()[folded[:size]] for size in (4, 3) if folded[:size] in months()), 0)


def _iso(year: str, month: str, day: str) -> str:
    number = int(year)
    try:
        return datetime.date(number + 2000 if number < CENTURY else number, int(month), int(day)).isoformat()
    except ValueError:
        return ""
