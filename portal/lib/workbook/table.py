"""What a sheet is for the rest of the house: headers, rows with their numbers, cells as plain values."""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

LETTERS: Final = 26
MOST_CELLS: Final = 1_000_000
CONTROLS: Final = {code: None for code in range(32) if chr(code) not in "\t\n"} | {0x7F: None, 0xFEFF: None}
EXACT: Final = 2**53  # floats hold whole numbers exactly up to here
NUMBER: Final = re.compile(r"[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]*)?([eE][+-]?[0-9]{1,2})?|[+-]?\.[0-9]+")
DATE: Final = re.compile(r"([0-9]{4}) ?[-/.年] ?([0-9]{1,2}) ?[-/.月] ?([0-9]{1,2}) ?日?")
MINUSES: Final = str.maketrans({"−": "-", "–": "-", "﹣": "-"})


class Percent(float):
    """A number its sheet shows as a percentage, as a reader sees it: 88.7 for "88.7 %"."""


Cell = str | int | float | bool | dt.datetime | dt.date | dt.time | None


class Row(NamedTuple):
    """One row: its number in the sheet (from 1) and one cell per header."""

    number: int
    cells: list[Cell]


@dataclass(frozen=True)
class Table:
    """One sheet. Empty rows are left out, numbers stay those a person sees in Excel."""

    sheet: str
    headers: list[str]
    rows: list[Row] = field(default_factory=list)
    header_row: int = 1
    first_column: int = 1

    def place(self, row: Row | int, column: int) -> str:
        """Return the Excel name of a cell: row (or its number) and index of the header, e.g. "D17"."""
        number = row.number if isinstance(row, Row) else row
        return f"{column_letters(self.first_column + column)}{number}"


def column_letters(number: int) -> str:
    """1 -> "A", 27 -> "AA"."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the number of a column: "A" is 1, "AA" is 27."""
    number = 0
    for letter in letters.upper():
        number = number * LETTERS + ord(letter) - ord("A") + 1
    return number


def clean_text(text: str) -> str | None:
    """Return the text composed (NFC), trimmed and without control characters; None when nothing is left."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable():
        text = text.translate(CONTROLS)
    return text.strip() or None


def clean_cell(value: object) -> Cell:
    """Return a cell as a plain value: whole floats become ints, empty text becomes None."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, float) and not isinstance(value, Percent):
        return clean_float(value)
    if isinstance(value, dt.timedelta):
        return str(value)
    if isinstance(value, bool | int | float | dt.datetime | dt.date | dt.time):
        return value
    return None


def clean_float(value: float) -> int | float | None:
    """Return a whole number as int; no number at all as None."""
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < EXACT else value


def as_text(cell: Cell) -> str:
    """Return a cell as the text a person would have typed; codes such as 00123 typed as text stay."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, Percent):
        return f"{float(cell):g} %"
    return str(cell)


def as_number(cell: Cell) -> int | float | None:
    """Return the number a cell holds, also when it was typed as text ("1,200", "８８．７ %"); else None."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell) if isinstance(cell, Percent) else cell
    if not isinstance(cell, str):
        return None
    text = unicodedata.normalize("NFKC", cell).translate(MINUSES).rstrip("% ").strip()
    return clean_float(float(text.replace(",", ""))) if NUMBER.fullmatch(text) else None


def as_date(cell: Cell) -> dt.date | None:
    """Return the date a cell holds, also as text year first (2026-11-14, 2026/11/14, 2026年11月14日); else None."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    if not isinstance(cell, str):
        return None
    found = DATE.fullmatch(unicodedata.normalize("NFKC", cell).strip())
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def build_table(sheet: str, lines: Sequence[tuple[int, list[Cell]]], *, first_column: int = 1) -> Table:
    """Make a table of numbered lines: the first that holds anything is the header; empty lines go."""
    full = [(number, cells) for number, cells in lines if any(cell is not None for cell in cells)]
    if not full:
        return Table(sheet, [], [], first_column=first_column)
    header_row, head = full[0]
    headers = [as_text(cell) for cell in head]
    width = max(last_filled(cells) for _, cells in full)
    headers = (headers + [""] * width)[:width]
    rows = [Row(number, (cells + [None] * width)[:width]) for number, cells in full[1:]]
    return Table(sheet, headers, rows, header_row=header_row, first_column=first_column)


def last_filled(cells: list[Cell]) -> int:
    """Return how many cells there are up to the last that holds anything."""
    for index in range(len(cells), 0, -1):
        if cells[index - 1] is not None:
            return index
    return 0
