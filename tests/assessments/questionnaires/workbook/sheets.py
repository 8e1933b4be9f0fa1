"""A small questionnaire as sheets, and cells changed by their name."""

import re

from assessments.questionnaires.document import DocumentErrors, parse_document
from assessments.questionnaires.workbook import name_cells, scan_sheets, sheets_of
from assessments.questionnaires.workbook.grid import column_letters
from tests.assessments.questionnaires.builders import make_question, make_source

QUESTIONS = [
    make_question("A1-ONE", weight=1),
    make_question("A1-TWO", "single", weight=2, show_if={"question": "A1-ONE", "is": "yes"}),
    make_question("A1-HOURS", "number", weight=1, min=0, max=168),
    make_question("A1-HEADS", "headcount"),
]
FLAG = {
    "code": "A1-OVER",
    "provision": "A1",
    "severity": "major",
    "when": {"question": "A1-HOURS", "over": 60},
    "text": "{A1-HOURS} hours",
    "fires": [{"A1-HOURS": 61}],
    "quiet": [{"A1-HOURS": 60}],
}


def small_document():
    return parse_document(make_source(*QUESTIONS, flags=[FLAG], languages=["en", "ja"]))


def small_sheets():
    """Rows of the survey: 2 begin_group A, 3 A1-ONE, 4 A1-TWO, 5 A1-HOURS, 6 A1-HEADS, 7 end_group."""
    return sheets_of(small_document())


def cell_of(sheets, sheet, row, field):
    """The name of a cell by its row (from 1) and the head of its column."""
    return f"{sheet}!{column_letters(sheets[sheet][0].index(field))}{row}"


def put(sheets, cell, value):
    """Change one cell, widening the sheet where it must."""
    sheet, letters, number = re.fullmatch(r"(\w+)!([A-Z]+)([0-9]+)", cell).groups()
    column = next(index for index in range(100) if column_letters(index) == letters)
    rows = sheets[sheet]
    rows += [[] for _ in range(int(number) - len(rows))]
    row = rows[int(number) - 1]
    row += [None] * (column + 1 - len(row))
    row[column] = value


def problems_of(sheets):
    """Every problem as (cell, code, message): of the sheets, and of the document in what could be read."""
    sheeted, problems = scan_sheets(sheets)
    try:
        parse_document(sheeted.source)
    except DocumentErrors as errors:
        problems = problems or name_cells(errors.problems, sheeted.cells)
    return [(one.place, one.code, one.message) for one in problems]
