"""SpreadsheetML 2003 (.xml), as export pages of registries write it: rows and cells may be left out by ss:Index."""

import datetime as dt
import io
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

SS: Final = "{urn:schemas-microsoft-com:office:spreadsheet}"
MOST_ROWS: Final = 60_000
MOST_COLUMNS: Final = 200
MOST_CELLS: Final = 1_000_000
LONGEST: Final = 20_000_000
Value = str | float | dt.datetime | None
Grid = list[tuple[int, list[Any]]]


class NotSpreadsheetML(Exception):
    """The content is no such file, or one that is better not read on; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_spreadsheetml(content: bytes) -> list[tuple[str, Grid]]:
    """Return (title, [(row number, cells)]) of every sheet.

    Entities and document types are refused, never resolved; size, rows and columns are capped while reading.
    """
    if len(content) > LONGEST:
        raise NotSpreadsheetML("too_large")
    reader = SheetReader()
    try:
        events = iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True)
        for event, node in events:
            reader.take(event, node)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise NotSpreadsheetML("broken") from error
    if not reader.seen:
        raise NotSpreadsheetML("other_xml")
    return reader.sheets


class SheetReader:
    """Takes the events of the parser one by one and forgets each row once it is read."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, Grid]] = []
        self.seen = False
        self.row = 0
        self.cells = 0

    def take(self, event: str, node: Any) -> None:
        """Take one event in."""
        if event == "start":
            if node.tag == f"{SS}Workbook":
                self.seen = True
            elif node.tag == f"{SS}Worksheet":
                self.sheets.append((node.get(f"{SS}Name", ""), []))
                self.row = 0
        elif node.tag == f"{SS}Row":
            self.end_row(node)
            node.clear()
        elif node.tag == f"{SS}Worksheet":
            node.clear()

    def end_row(self, node: Any) -> None:
        """Add a row; ss:Index jumps over empty ones."""
        self.row = read_index(node, self.row, MOST_ROWS)
        values: list[Value] = []
        column = 0
        for cell in node.iter(f"{SS}Cell"):
            column = read_index(cell, column, MOST_COLUMNS)
            values.extend([None] * (column - 1 - len(values)))
            values.append(read_value(cell.find(f"{SS}Data")))
            merged = int(cell.get(f"{SS}MergeAcross") or 0)
            column = min(column + max(merged, 0), MOST_COLUMNS)
        self.cells += len(values)
        if self.cells > MOST_CELLS:
            raise NotSpreadsheetML("too_large")
        if self.sheets:
            self.sheets[-1][1].append((self.row, values))


def read_index(node: Any, before: int, most: int) -> int:
    """Return the place of a row or cell: the next one, or where ss:Index puts it; never backwards."""
    place = int(node.get(f"{SS}Index") or before + 1)
    if place <= before:
        raise NotSpreadsheetML("broken")
    if place > most:
        raise NotSpreadsheetML("too_large")
    return place


def read_value(data: Any) -> Value:
    """Return the content of a cell by its type; what does not fit its type stays text."""
    if data is None:
        return None
    text = "".join(data.itertext()).strip()
    kind = data.get(f"{SS}Type", "String")
    try:
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            return dt.datetime.fromisoformat(text)
    except ValueError:
        return text or None
    return text or None
