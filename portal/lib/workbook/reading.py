"""Reading a table that somebody sent, XLSX or CSV: any bytes give a Table or a sentence, nothing else."""

from collections.abc import Sequence
from typing import IO, Final

import python_calamine as calamine
from django.utils.translation import gettext as _

from portal.lib.archives import Archive, broken_archive, locked_archive
from portal.lib.errors import DomainError
from portal.lib.workbook.separated import read_separated
from portal.lib.workbook.sheets import Reach, measure_sheets, sheet_members
from portal.lib.workbook.table import MOST_CELLS, Cell, Percent, Table, build_table, clean_cell

LARGEST_FILE: Final = 20_000_000
LARGEST_UNPACKED: Final = 200_000_000
ZIP_MARK: Final = b"PK\x03\x04"
OLE_MARK: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The name of the stream a password-protected workbook keeps its content in, as OLE spells it.
ENCRYPTED_MARK: Final = "EncryptedPackage".encode("utf-16-le")


def read_table(file: IO[bytes], *, sheet: str | None = None) -> Table:
    """Read one sheet of an XLSX (the named one, else the first that is visible), or a CSV.

    The file is read from its start. Raises DomainError with a sentence for everything else.
    """
    content = read_all(file)
    if content.startswith(ZIP_MARK):
        book = open_workbook(file)
        return read_sheet(book, sheet if sheet is not None else first_sheet(book.titles))
    if content.startswith(OLE_MARK):
        raise old_or_locked(content)
    return read_separated(content)


def read_tables(file: IO[bytes]) -> list[Table]:
    """Read every visible sheet of an XLSX in order; a CSV is one table."""
    content = read_all(file)
    if not content.startswith(ZIP_MARK):
        return [read_table(file)]
    book = open_workbook(file)
    return [read_sheet(book, title) for title in book.titles]


def read_all(file: IO[bytes]) -> bytes:
    """Return the whole content; refuse a file that is too large or empty."""
    file.seek(0)
    content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        message = _("The file is larger than %(limit)d MB. Split the table and upload the parts one by one.")
        raise DomainError(message % {"limit": LARGEST_FILE // 1_000_000}, code="too_large")
    if not content.strip():
        raise DomainError(_("The file is empty. Save your table again and upload the new copy."), code="empty")
    return content


class Book:
    """An XLSX that was measured before it was opened."""

    def __init__(self, reader: calamine.CalamineWorkbook, reaches: dict[str, Reach], members: dict[str, str]) -> None:
        self.reader = reader
        self.reaches = reaches
        self.members = members
        self.titles = [
            found.name
            for found in reader.sheets_metadata
            if found.typ == calamine.SheetTypeEnum.WorkSheet and found.visible == calamine.SheetVisibleEnum.Visible
        ]

    def reach(self, title: str) -> Reach:
        """Return what was measured of a sheet."""
        return self.reaches.get(self.members.get(title, ""), Reach())


def open_workbook(file: IO[bytes]) -> Book:
    """Check and open an XLSX."""
    archive = Archive(file, limit=LARGEST_UNPACKED)
    if "xl/workbook.xml" not in archive.names:
        message = _("This is not an Excel workbook (.xlsx). Save your table as .xlsx or .csv and upload that.")
        raise DomainError(message, code="not_a_workbook")
    reaches, members = measure_sheets(archive), sheet_members(archive)
    file.seek(0)
    try:
        return Book(calamine.CalamineWorkbook.from_filelike(file), reaches, members)
    except calamine.PasswordError as error:
        raise locked_archive() from error
    except Exception as error:
        raise broken_archive() from error
    except BaseException as error:
        raise reader_gave_up(error) from error


def first_sheet(titles: list[str]) -> str:
    """Return the first visible sheet."""
    if not titles:
        message = _("The workbook has no visible sheet. Show the sheet with your table and upload it again.")
        raise DomainError(message, code="no_sheet")
    return titles[0]


def read_sheet(book: Book, title: str) -> Table:
    """Read one visible sheet."""
    if title not in book.titles:
        message = _("The workbook has no sheet “%(sheet)s”. Its sheets are: %(sheets)s.")
        names = ", ".join(book.titles) or "–"
        raise DomainError(message % {"sheet": title, "sheets": names}, code="no_sheet")
    try:
        sheet = book.reader.get_sheet_by_name(title)
        start, values, merged = sheet.start, sheet.to_python(), sheet.merged_cell_ranges or []
    except Exception as error:
        raise broken_archive() from error
    except BaseException as error:
        raise reader_gave_up(error) from error
    if start is None or not values:
        return Table(title, [], [])
    lines = clean_lines(values, book.reach(title), start)
    fill_merged(lines, merged, start)
    numbered = [(start[0] + 1 + index, cells) for index, cells in enumerate(lines)]
    return build_table(title, numbered, first_column=start[1] + 1)


def reader_gave_up(error: BaseException) -> BaseException:
    """A panic of the native reader derives from BaseException and would walk through every handler."""
    return broken_archive() if type(error).__name__ == "PanicException" else error


def clean_lines(values: Sequence[Sequence[object]], reach: Reach, start: tuple[int, int]) -> list[list[Cell]]:
    """Turn cells into plain values; percentages as they are shown, faults (#N/A) as their text."""
    lines = [[clean_cell(value) for value in line] for line in values]
    top, left = start[0] + 1, start[1] + 1
    for row, column in reach.percents:
        if (cell := cell_at(lines, row - top, column - left)) is not None:
            lines[row - top][column - left] = shown_percent(cell)
    for (row, column), fault in reach.faults.items():
        if 0 <= row - top < len(lines) and 0 <= column - left < len(lines[row - top]):
            lines[row - top][column - left] = fault
    return lines


def shown_percent(cell: Cell) -> Cell:
    """0.887 in a cell with a percent format is 88.7 to whoever reads it."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Percent(round(cell * 100, 9))
    return cell


def cell_at(lines: list[list[Cell]], row: int, column: int) -> Cell:
    """Return a cell, None outside of the lines."""
    return lines[row][column] if 0 <= row < len(lines) and 0 <= column < len(lines[row]) else None


def fill_merged(
    lines: list[list[Cell]], merged: list[tuple[tuple[int, int], tuple[int, int]]], start: tuple[int, int]
) -> None:
    """Give every cell of a merged range its value: that is what a reader sees."""
    top, left = start
    filled = 0
    for (first_row, first_column), (last_row, last_column) in merged:
        value = cell_at(lines, first_row - top, first_column - left)
        if value is None:
            continue
        for line in lines[max(first_row - top, 0) : last_row - top + 1]:
            columns = range(max(first_column - left, 0), min(last_column - left + 1, len(line)))
            filled += len(columns)
            if filled > MOST_CELLS:
                raise broken_archive()
            for column in columns:
                line[column] = value


def old_or_locked(content: bytes) -> DomainError:
    """The error for an OLE file: a workbook behind a password, or one of the years before .xlsx."""
    if ENCRYPTED_MARK in content:
        return locked_archive()
    message = _("This is an old Excel file (.xls). Open it in Excel, choose Save as .xlsx, and upload the new file.")
    return DomainError(message, code="old_format")
