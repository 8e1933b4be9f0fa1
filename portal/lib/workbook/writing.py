"""Writing workbooks: text stays text whatever it starts with, numbers and dates keep their type."""

import datetime as dt
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from django.utils import timezone
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
LONGEST_TITLE: Final = 31
LONGEST_TEXT: Final = 32_767  # what a cell of Excel holds; longer text is cut and marked
LONGEST_CHOICES: Final = 255
EXACT: Final = 1e15  # a cell holds 15 digits
FIRST_YEAR: Final = 1900
WIDTH: Final = 16


@dataclass(frozen=True)
class Sheet:
    """One sheet to write. `widths` are in characters, one per column; `rows` may be a generator.

    `notes` stand above the table as lines of their own; `choices` give the cells of a column, and
    `cell_choices` one cell {(row index, column index)}, a drop-down list. `suggestions` are drop-down lists, too, in
    columns that take other words without a notice. `frozen_columns` stay in sight beside the head.
    """

    title: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[float] = ()
    notes: Sequence[str] = ()
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)
    cell_choices: Mapping[tuple[int, int], Sequence[str]] = field(default_factory=dict)
    suggestions: Mapping[int, Sequence[str]] = field(default_factory=dict)
    hidden_columns: Sequence[int] = ()
    wrap: bool = False
    frozen_columns: int = 0


@dataclass(frozen=True)
class Looks:
    """The formats of one workbook."""

    head: Format
    plain: Format
    date: Format
    time: Format
    moment: Format
    note: Format


def write_workbook(sheets: Iterable[Sheet]) -> bytes:
    """Return an XLSX with the sheets in order."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    taken: set[str] = set()
    for sheet in sheets:
        write_sheet(book, sheet, sheet_title(sheet.title, taken))
    if not taken:
        book.add_worksheet()
    book.close()
    return target.getvalue()


def sheet_title(wanted: str, taken: set[str]) -> str:
    """Return a title Excel accepts, once only."""
    base = FORBIDDEN.sub(" ", str(wanted)).strip().strip("'")[:LONGEST_TITLE].strip() or "Sheet"
    title, number = base, 1
    while title.lower() in taken:
        number += 1
        ending = f" {number}"
        title = base[: LONGEST_TITLE - len(ending)] + ending
    taken.add(title.lower())
    return title


def make_looks(book: xlsxwriter.Workbook, *, wrap: bool) -> Looks:
    """Make the formats of a sheet."""
    common: dict[str, Any] = {"valign": "top", "text_wrap": wrap}
    return Looks(
        head=book.add_format({"bold": True, "bg_color": "#F0F3F2", "bottom": 1, "valign": "top", "text_wrap": True}),
        plain=book.add_format(common),
        date=book.add_format({**common, "num_format": "yyyy-mm-dd"}),
        time=book.add_format({**common, "num_format": "hh:mm"}),
        moment=book.add_format({**common, "num_format": "yyyy-mm-dd hh:mm"}),
        note=book.add_format({"font_color": "#47534F"}),
    )


def write_sheet(book: xlsxwriter.Workbook, sheet: Sheet, title: str) -> None:
    """Write one sheet from top to bottom: the file keeps only the current row in memory."""
    page, looks = book.add_worksheet(title), make_looks(book, wrap=sheet.wrap)
    hidden = frozenset(sheet.hidden_columns)
    for column in range(len(sheet.headers)):
        width = sheet.widths[column] if column < len(sheet.widths) else WIDTH
        page.set_column(column, column, width, None, {"hidden": column in hidden})
    for index, note in enumerate(sheet.notes):
        page.write_string(index, 0, fit_text(note), looks.note)
    head_row = len(sheet.notes)
    for column, header in enumerate(sheet.headers):
        page.write_string(head_row, column, fit_text(header), looks.head)
    last = head_row
    for last, cells in enumerate(sheet.rows, start=head_row + 1):
        for column, cell in enumerate(cells):
            write_cell(page, last, column, cell, looks)
    page.freeze_panes(head_row + 1, sheet.frozen_columns)
    if sheet.headers and last > head_row:
        page.autofilter(head_row, 0, last, len(sheet.headers) - 1)
    offer_choices(page, sheet, head_row)


def offer_choices(page: Worksheet, sheet: Sheet, head_row: int) -> None:
    """Add drop-down lists; one that is longer than Excel takes is left out."""
    for column, choices in sheet.choices.items():
        if len(",".join(choices)) <= LONGEST_CHOICES:
            page.data_validation(head_row + 1, column, head_row + 5000, column, validation(choices))
    for column, choices in sheet.suggestions.items():
        if 0 < len(",".join(choices)) <= LONGEST_CHOICES:
            offer = {**validation(choices), "show_error": False}
            page.data_validation(head_row + 1, column, head_row + 5000, column, offer)
    for (row, column), choices in sheet.cell_choices.items():
        if len(",".join(choices)) <= LONGEST_CHOICES:
            place = head_row + 1 + row
            page.data_validation(place, column, place, column, validation(choices))


def validation(choices: Sequence[str]) -> dict[str, Any]:
    """A drop-down that advises and does not forbid: the import says what is wrong."""
    return {"validate": "list", "source": list(choices), "error_type": "information"}


def write_cell(page: Worksheet, row: int, column: int, value: Any, looks: Looks) -> None:
    """Write one cell by its type; everything that is not a number or a date is written as a string."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value, looks.plain)
    elif isinstance(value, int | float | Decimal):
        if math.isfinite(value) and -EXACT < float(value) < EXACT:
            page.write_number(row, column, value, looks.plain)
        else:
            page.write_string(row, column, str(value), looks.plain)
    elif isinstance(value, dt.datetime):
        local = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
        write_moment(page, row, column, local, looks.moment)
    elif isinstance(value, dt.date):
        write_moment(page, row, column, value, looks.date)
    elif isinstance(value, dt.time):
        page.write_datetime(row, column, value.replace(tzinfo=None), looks.time)
    else:
        page.write_string(row, column, fit_text(value), looks.plain)


def write_moment(page: Worksheet, row: int, column: int, value: dt.date, look: Format) -> None:
    """Write a date; what lies before the calendar of Excel (1900) is written as text."""
    if value.year < FIRST_YEAR:
        page.write_string(row, column, value.isoformat(), look)
    else:
        page.write_datetime(row, column, value, look)


def fit_text(value: object) -> str:
    """Return text that fits into a cell."""
    text = str(value)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
