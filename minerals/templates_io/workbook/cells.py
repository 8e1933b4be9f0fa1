"""Cells as they are found in real files: numbers for texts, errors, zeros of look-up formulas, marks of copyright."""

import datetime
import re
from collections.abc import Mapping, Sequence
from typing import Final

CellValue = str | int | float | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta | None
Cells = Sequence[Sequence[CellValue]]

ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
LINE_END: Final = re.compile(r"\r\n?")
# Errors as typed text or as other programs leave them, and what formulas give for an empty cell.
NOTHING: Final = frozenset(
    ("0", "#N/A", "#N/V", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "Enter smelter details")
)
FOOTER: Final = ("©", "Click here")
WHOLE_BELOW: Final = 1e15


class Grid:
    """One sheet as rows of cells. Rows and columns count from 1, as in Excel; outside of it all is empty."""

    def __init__(self, name: str, rows: Cells) -> None:
        self.name = name
        self.rows = rows

    def raw(self, row: int, column: int) -> CellValue:
        """Return a cell as it is."""
        if 0 < row <= len(self.rows) and 0 < column <= len(self.rows[row - 1]):
            return self.rows[row - 1][column - 1]
        return None

    def text(self, row: int, column: int) -> str:
        """Return a cell as clean text."""
        return clean_text(self.raw(row, column))

    def first_text(self, row: int, columns: Sequence[int]) -> str:
        """Return the first text in some cells of a row: a merged cell that was split may hold it further right."""
        return next((text for column in columns if (text := self.text(row, column))), "")


def clean_text(value: CellValue) -> str:
    """Return what a cell says; nothing for errors, zeros of formulas, footers and hints."""
    if isinstance(value, str):
        text = plain_text(value)
        return "" if text in NOTHING or text.startswith(FOOTER) else text
    if value is None or value == 0:
        return ""
    return plain_value(value)


def plain_text(text: str) -> str:
    """Return a text without escapes, control signs and blanks around it; tabs are blanks."""
    if text.isprintable() and "_x" not in text:
        return text.strip()
    if "_x" in text:
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    text = LINE_END.sub("\n", text).replace("\t", " ")
    return CONTROL.sub("", text).strip()


def plain_value(value: CellValue) -> str:
    """Return a number without .0, a date as ISO."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < WHOLE_BELOW else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def column_number(letters: str) -> int:
    """Return 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def cell_place(cell: str) -> tuple[int, int]:
    """Return (row, column) of a cell's name."""
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :]), column_number(letters)


def fill_gaps(found: Mapping[str, int], expected: Mapping[str, int]) -> dict[str, int]:
    """Return where every expected thing is: where it was found, else as far from its neighbour as it should be.

    The neighbour is the nearest thing found before it (after it for the first ones), so that one row or column put
    in or taken out moves what follows.
    """
    places = dict(found)
    taken = set(found.values())
    order = sorted(expected, key=lambda name: expected[name])
    shifts = {name: found[name] - expected[name] for name in order if name in found}
    shift = next(iter(shifts.values()), 0)
    for name in order:
        shift = shifts.get(name, shift)
        place = expected[name] + shift
        if name not in places and place not in taken:
            places[name] = place
    return places
