"""The supplier table, row by row: cells in, clean records or problems out. Knows no database and no Django."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from portal.lib.workbook.table import Cell, Row, as_date, as_number, as_text

SUPPLIER_COLUMNS: Final = (
    "vendor_code",
    "supplier_name",
    "supplier_country",
    "business_unit",
    "region",
    "category",
    "tier",
    "spend",
    "started_on",
    "ended_on",
    "end_reason",
)
SITE_COLUMNS: Final = (
    "site_code",
    "site_name",
    "site_country",
    "site_city",
    "site_address",
    "sector",
    "workers",
    "contact_name",
    "contact_email",
    "contact_language",
)
COLUMNS: Final = SUPPLIER_COLUMNS + SITE_COLUMNS
REQUIRED: Final = ("vendor_code", "supplier_name", "supplier_country")
LONGEST: Final = {
    "vendor_code": 40,
    "supplier_name": 200,
    "business_unit": 80,
    "region": 80,
    "category": 80,
    "site_code": 40,
    "site_name": 200,
    "site_city": 100,
    "site_address": 300,
    "contact_name": 150,
    "contact_email": 254,
}
DATES: Final = frozenset({"started_on", "ended_on"})
NUMBERS: Final = {"tier": (1, 9), "spend": (0, 10**15), "workers": (0, 10_000_000)}
EMAIL: Final = re.compile(r"[^@\s,;:<>()\[\]\"\\]{1,64}@(?:[^@\s.,;:<>()\[\]\"\\_]+\.)+[^@\s.,;:<>()\[\]\"\\_\d-]{2,}")
FIRST_YEAR, LAST_YEAR = 1900, 2200
IGNORED: Final = "#"  # a header or a vendor code that starts with it is left out
MOST_PROBLEMS: Final = 10_000
SHOWN_VALUE: Final = 200


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One thing wrong: the row of the sheet, the column's key (or its header), what stands there, why."""

    row: int
    column: str
    value: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Lists:
    """Words the table may hold, folded by `fold`, and what they stand for."""

    countries: Mapping[str, str]
    sectors: Mapping[str, str]
    end_reasons: Mapping[str, str]
    languages: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)

    def of(self, column: str) -> Mapping[str, str] | None:
        """Return the words of a column; None for a column without a list."""
        lists = {
            "supplier_country": self.countries,
            "site_country": self.countries,
            "sector": self.sectors,
            "end_reason": self.end_reasons,
            "contact_language": self.languages,
        }
        return lists.get(column)


LIST_CODES: Final = {
    "supplier_country": "country",
    "site_country": "country",
    "sector": "sector",
    "end_reason": "end_reason",
    "contact_language": "language",
}


@dataclass(slots=True)
class SupplierRecord:
    """One supplier of the table: its clean columns, and its sites by code."""

    row: int
    values: dict[str, Any]
    sites: dict[str, "SiteRecord"] = field(default_factory=dict)


@dataclass(slots=True)
class SiteRecord:
    """One site of the table: its clean columns."""

    row: int
    values: dict[str, Any]


@dataclass
class Reading:
    """What a table holds: suppliers by vendor code, or problems. `given` names the columns that were there."""

    given: frozenset[str] = frozenset()
    suppliers: dict[str, SupplierRecord] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)
    rows: int = 0


def fold(text: str) -> str:
    """Return a word so that spelling, width and case do not matter: "Viet Nam" and "ＶＩＥＴ－ＮＡＭ" are one."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s_.,'’()*-]+", "", plain)


def read_headers(headers: Sequence[str], row: int, lists: Lists) -> tuple[dict[int, str], list[CellProblem]]:
    """Return {index: column} of a header row, and what is wrong with it."""
    known = {fold(column): column for column in COLUMNS} | dict(lists.headers)
    found: dict[int, str] = {}
    problems = []
    for index, header in enumerate(headers):
        if not header.strip() or header.startswith(IGNORED):
            continue
        column = known.get(fold(header))
        if column is None:
            problems.append(CellProblem(row, header, header, "unknown_column", {"index": index}))
        elif column in found.values():
            problems.append(CellProblem(row, column, header, "duplicate_column", {"index": index}))
        else:
            found[index] = column
    problems += [CellProblem(row, name, "", "missing_column") for name in REQUIRED if name not in found.values()]
    return found, problems


def read_row(reading: Reading, row: Row, columns: Mapping[int, str], lists: Lists) -> None:
    """Take one row in: clean each cell, then see whether the row makes sense in itself and beside the others.

    After MOST_PROBLEMS the rest is passed over: nobody reads a longer list.
    """
    if len(reading.problems) >= MOST_PROBLEMS:
        return
    cells = {column: row.cells[index] for index, column in columns.items() if index < len(row.cells)}
    code = as_text(cells.get("vendor_code")).strip()
    if code.startswith(IGNORED) or all(cell is None for cell in cells.values()):
        return
    reading.rows += 1
    before = len(reading.problems)
    values: dict[str, Any] = {}
    for column, cell in cells.items():
        value, problem = clean_value(column, cell, lists)
        values[column] = value
        if problem is not None:
            name, params = problem
            reading.problems.append(CellProblem(row.number, column, as_text(cell)[:SHOWN_VALUE], name, params))
    known = reading.suppliers.get(code)
    if known is None:
        check_supplier(reading, row, values)
    if len(reading.problems) > before:
        return
    if known is None:
        known = SupplierRecord(row.number, {name: values.get(name) for name in SUPPLIER_COLUMNS})
        reading.suppliers[code] = known
    else:
        check_same(reading, row, values, known)
    take_site(reading, row, values, known)


def clean_value(column: str, cell: Cell, lists: Lists) -> tuple[Any, tuple[str, dict[str, Any]] | None]:
    """Return the value of a cell, and what is wrong with it as (code, params)."""
    if cell is None:
        return None, ("required", {}) if column == "vendor_code" else None
    if column in DATES:
        date = as_date(cell)
        sane = date is not None and FIRST_YEAR <= date.year <= LAST_YEAR
        return date, None if sane else ("date", {})
    if column in NUMBERS:
        return clean_number(column, cell)
    words = lists.of(column)
    if words is not None:
        listed = words.get(fold(as_text(cell)))
        return listed, None if listed is not None else (LIST_CODES[column], {})
    return clean_words(column, as_text(cell).strip())


def clean_words(column: str, text: str) -> tuple[str | None, tuple[str, dict[str, Any]] | None]:
    """Return free text within the length of its column; an e-mail address must look like one."""
    if column == "contact_email":
        text = unicodedata.normalize("NFKC", text)
    elif column != "site_address":
        text = " ".join(text.split())
    if len(text) > LONGEST[column]:
        return None, ("too_long", {"limit": LONGEST[column]})
    wrong = column == "contact_email" and not EMAIL.fullmatch(text)
    return text, ("email", {}) if wrong else None


def clean_number(column: str, cell: Cell) -> tuple[int | None, tuple[str, dict[str, Any]] | None]:
    """Return a whole number within the limits of its column."""
    low, high = NUMBERS[column]
    number = as_number(cell)
    if number is None or not low <= number <= high or number != int(number):
        return None, (column, {"low": low, "high": high})
    return int(number), None


def check_supplier(reading: Reading, row: Row, values: Mapping[str, Any]) -> None:
    """See whether the first row of a supplier says all that is needed, and no contradiction."""

    def fail(column: str, code: str) -> None:
        reading.problems.append(CellProblem(row.number, column, as_text(values.get(column)), code))

    failed = {problem.column for problem in reading.problems if problem.row == row.number}
    for name in REQUIRED[1:]:
        if values.get(name) in (None, "") and name not in failed:
            fail(name, "required")
    started, ended = values.get("started_on"), values.get("ended_on")
    if ended and not values.get("end_reason") and "end_reason" not in failed:
        fail("end_reason", "reason_missing")
    if values.get("end_reason") and not ended and "ended_on" not in failed:
        fail("ended_on", "end_missing")
    if started and ended and ended < started:
        fail("ended_on", "end_before_start")


def check_same(reading: Reading, row: Row, values: Mapping[str, Any], known: SupplierRecord) -> None:
    """See whether a further row of a supplier says the same as its first; an empty cell says nothing."""
    for name in SUPPLIER_COLUMNS[1:]:
        value = values.get(name)
        if value is not None and value != known.values[name]:
            first = as_text(known.values[name])
            params = {"first_row": known.row, "first": first[:SHOWN_VALUE]}
            reading.problems.append(CellProblem(row.number, name, as_text(value)[:SHOWN_VALUE], "differs", params))


def take_site(reading: Reading, row: Row, values: dict[str, Any], supplier: SupplierRecord) -> None:
    """Add the site of a row; a row without any site column is a supplier only."""
    if all(values.get(name) is None for name in SITE_COLUMNS):
        return
    code = values.get("site_code") or "1"
    if not values.get("site_name"):
        reading.problems.append(CellProblem(row.number, "site_name", "", "site_name_missing"))
    elif code in supplier.sites:
        params = {"first_row": supplier.sites[code].row}
        reading.problems.append(CellProblem(row.number, "site_code", code, "duplicate_site", params))
    else:
        site = {name: values.get(name) for name in SITE_COLUMNS}
        site["site_code"] = code
        site["site_country"] = site["site_country"] or supplier.values["supplier_country"]
        supplier.sites[code] = SiteRecord(row.number, site)
