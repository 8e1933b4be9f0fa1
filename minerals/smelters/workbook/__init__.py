"""Lists of smelters as tables: which column is which, what a row says, which cell is wrong."""

from minerals.smelters.workbook.cells import clean_status, read_day
from minerals.smelters.workbook.columns import find_columns
from minerals.smelters.workbook.rows import CellFault, Line, ListReading, Numbered, read_lines, read_looked_up
from minerals.smelters.workbook.spreadsheetml import NotSpreadsheetML, read_spreadsheetml

__all__ = [
    "CellFault",
    "Line",
    "ListReading",
    "NotSpreadsheetML",
    "Numbered",
    "clean_status",
    "find_columns",
    "read_day",
    "read_lines",
    "read_looked_up",
    "read_spreadsheetml",
]
