"""Tables in and out: XLSX and CSV read with care, XLSX written so that text stays text."""

from portal.lib.workbook.heads import find_heads, in_every_language
from portal.lib.workbook.reading import read_table, read_tables
from portal.lib.workbook.table import (
    Cell,
    Percent,
    Row,
    Table,
    as_date,
    as_number,
    as_text,
    column_letters,
)
from portal.lib.workbook.writing import Sheet, write_workbook

__all__ = [
    "Cell",
    "Percent",
    "Row",
    "Sheet",
    "Table",
    "as_date",
    "as_number",
    "as_text",
    "column_letters",
    "find_heads",
    "in_every_language",
    "read_table",
    "read_tables",
    "write_workbook",
]
