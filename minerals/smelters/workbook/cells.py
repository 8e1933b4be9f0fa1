"""Single cells of lists of smelters: statuses in the words of many sources, dates in mixed order."""

import datetime as dt
import re
import unicodedata
from typing import Any, Final

from minerals.smelters.enums import Status
from minerals.smelters.matching import fold_name

# The first that stands in the folded words wins: "not conformant" before "conformant".
STATUS_WORDS: Final = (
    ("not interested", Status.SUSPENDED),
    ("communication suspended", Status.SUSPENDED),
    ("unable to proceed", Status.UNABLE),
    ("non conform", Status.NON_CONFORMANT),
    ("nonconform", Status.NON_CONFORMANT),
    ("not conform", Status.NON_CONFORMANT),
    ("non complian", Status.NON_CONFORMANT),
    ("not complian", Status.NON_CONFORMANT),
    ("no longer", Status.REMOVED),
    ("removed", Status.REMOVED),
    ("withdrawn", Status.REMOVED),
    ("ceased", Status.REMOVED),
    ("cross recogni", Status.RECOGNISED),
    ("not active", Status.UNKNOWN),
    ("inactive", Status.UNKNOWN),
    ("not eligible", Status.UNKNOWN),
    ("ineligible", Status.UNKNOWN),
    ("conform", Status.CONFORMANT),
    ("compliant", Status.CONFORMANT),
    ("outreach", Status.OUTREACH),
    ("in communication", Status.IN_COMMUNICATION),
    ("active", Status.ACTIVE),
    ("eligible", Status.ELIGIBLE),
)
TICKS: Final = frozenset({"yes", "y", "x", "true", "1", "✓", "✔", "conformant", "certified"})
NO_DAY: Final = frozenset({"", "n a", "na", "none", "tbd", "unknown", "pending", "not applicable"})
YEAR_FIRST: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ].*)?")
YEAR_LAST: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?: .*)?")
FORMS: Final = ("%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%y", "%b %d %Y", "%B %d %Y")
MONTHS: Final = 12
FIRST_YEAR, LAST_YEAR = 1990, 2100
CENTURY: Final = 100


def clean_status(text: str) -> str:
    """Return the status a source's word means; words that decide nothing are UNKNOWN, no word at all is empty."""
    folded = fold_name(text)
    if not folded:
        return ""
    return next((status for word, status in STATUS_WORDS if word in folded), Status.UNKNOWN)


def is_ticked(text: str) -> bool:
    """Whether a column of yes and no says yes."""
    return text.strip().casefold() in TICKS


def read_day(cell: Any) -> tuple[dt.date | None, bool]:
    """Return (day, whether the cell could be read).

    Lists mix "2021-03-09" and "11/19/2020" in one column; with slashes the month comes first unless it cannot be one.
    """
    if isinstance(cell, dt.datetime):
        return cell.date(), True
    if isinstance(cell, dt.date):
        return cell, True
    text = unicodedata.normalize("NFKC", str(cell if cell is not None else "")).strip()
    if fold_name(text) in NO_DAY:
        return None, True
    found = read_numbers(text) or read_words(text)
    sane = found is not None and FIRST_YEAR <= found.year <= LAST_YEAR
    return (found, True) if sane else (None, False)


def read_numbers(text: str) -> dt.date | None:
    """Return a day written in numbers."""
    if first := YEAR_FIRST.fullmatch(text):
        return make_day(int(first[1]), int(first[2]), int(first[3]))
    if last := YEAR_LAST.fullmatch(text):
        month, day, year = int(last[1]), int(last[2]), int(last[3])
        if month > MONTHS:
            month, day = day, month
        return make_day(year + 2000 if year < CENTURY else year, month, day)
    return None


def read_words(text: str) -> dt.date | None:
    """Return a day written with the month in English."""
    for form in FORMS:
        try:
            return dt.datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def make_day(year: int, month: int, day: int) -> dt.date | None:
    """Return a day, None where the calendar has none."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
