"""A file with a list of smelters to clean entries: XLSX, CSV or SpreadsheetML 2003."""

import io
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minerals.smelters.matching import clean_metal
from minerals.smelters.queries.lists import country_words, fault_place, fault_text
from minerals.smelters.workbook import (
    ListReading,
    NotSpreadsheetML,
    Numbered,
    find_columns,
    read_lines,
    read_spreadsheetml,
)
from portal.lib.errors import DomainError
from portal.lib.workbook import Table, read_tables

XML_MARKS: Final = (b"<?xml", b"<Workbook", b"<ss:Workbook")
MOST_ENTRIES: Final = 20_000
SHOWN_FAULTS: Final = 200
METALS: Final = ("Tantalum", "Tin", "Gold", "Tungsten", "Cobalt", "Mica", "Copper", "Graphite", "Lithium", "Nickel")


@dataclass(frozen=True)
class Sheet:
    """One sheet as numbered lines; `first` is the number of its first column."""

    title: str
    lines: list[Numbered]
    first: int = 1


def read_list(content: bytes, *, metal: str = "") -> ListReading:
    """Return the clean entries of a list; `metal` is that of a list without a column for it.

    Raises DomainError with a sentence for a file that is no such list, and with every wrong cell as its detail for one
    that is: nothing is taken from a list with a wrong cell.
    """
    reading = ListReading(country_words())
    found = False
    for sheet in read_sheets(content):
        heads = find_columns(sheet.lines)
        if heads is None:
            continue
        found = True
        place, columns = heads
        titled = clean_metal(sheet.title)
        reading.metal = metal or (titled if titled in METALS else "")
        shift = {column: index + sheet.first - 1 for column, index in columns.items()}
        moved = [(number, [None] * (sheet.first - 1) + list(cells)) for number, cells in sheet.lines[place + 1 :]]
        read_lines(reading, sheet.title, moved, shift)
    check_reading(reading, found)
    return reading


def read_sheets(content: bytes) -> list[Sheet]:
    """Return every sheet of a file as lines, the line with the heads among them."""
    if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(XML_MARKS):
        try:
            return [Sheet(title, list(lines)) for title, lines in read_spreadsheetml(content)]
        except NotSpreadsheetML as error:
            raise DomainError(xml_refusal(error.code), code=error.code) from error
    return [Sheet(table.sheet, lines_of(table), table.first_column) for table in read_tables(io.BytesIO(content))]


def lines_of(table: Table) -> list[Numbered]:
    """Return a table as lines: its heads may stand below a title."""
    heads: list[Any] = list(table.headers)
    return [(table.header_row, heads), *table.rows]


def xml_refusal(code: str) -> str:
    """Return why an XML file is not read."""
    if code == "too_large":
        return _("This list is too large to be read. Save the part you need as .xlsx and upload that.")
    if code == "other_xml":
        return _("This XML file is no table. Export the list as an Excel file and upload that.")
    return _("This XML file is broken. Export the list again, or open it in Excel and save it as .xlsx.")


def check_reading(reading: ListReading, found: bool) -> None:
    """Refuse a list that has no heads, no rows, too many, or a wrong cell."""
    if not found:
        message = _("No list of smelters was found. A row must have the heads Facility ID and Facility Name.")
        raise DomainError(message, code="no_heads")
    if reading.faults:
        raise refuse_cells(reading)
    if not reading.entries:
        raise DomainError(_("The list has no rows. Choose the file with the smelters."), code="no_rows")
    if len(reading.entries) > MOST_ENTRIES:
        message = _("The list has more than %(limit)d smelters. Split it by metal and import the parts one by one.")
        raise DomainError(message % {"limit": MOST_ENTRIES}, code="too_many")


def refuse_cells(reading: ListReading) -> DomainError:
    """Return the refusal of a list with wrong cells; nothing was saved."""
    message = ngettext(
        "%(count)d cell is wrong. Nothing was imported. Correct it and upload the list again.",
        "%(count)d cells are wrong. Nothing was imported. Correct them and upload the list again.",
        len(reading.faults),
    ) % {"count": len(reading.faults)}
    detail = [
        {
            "place": fault_place(fault.sheet, fault.row, fault.column),
            "value": fault.value,
            "message": fault_text(fault.code, fault.params),
            "code": fault.code,
        }
        for fault in reading.faults[:SHOWN_FAULTS]
    ]
    return DomainError(message, code="cells", detail=detail)
