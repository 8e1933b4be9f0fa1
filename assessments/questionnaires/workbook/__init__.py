"""Questionnaires in a workbook: sheets with the column names of XLSForm, written and read."""

from assessments.questionnaires.workbook.expressions import parse_condition, write_condition
from assessments.questionnaires.workbook.layout import COLUMNS, language_head, read_language, show_code
from assessments.questionnaires.workbook.reading import Sheeted, name_cells, read_sheets, scan_sheets, sort_by_cell
from assessments.questionnaires.workbook.tokens import ExpressionError
from assessments.questionnaires.workbook.writing import sheets_of

__all__ = [
    "COLUMNS",
    "ExpressionError",
    "Sheeted",
    "language_head",
    "name_cells",
    "parse_condition",
    "read_language",
    "read_sheets",
    "scan_sheets",
    "sheets_of",
    "show_code",
    "sort_by_cell",
    "write_condition",
]
