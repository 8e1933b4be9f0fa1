"""The hidden sheet L, in which a template keeps every label in every language with the cell it stands in."""

import re
from typing import Final

from minerals.templates_io.workbook.opening import Book

SHEET: Final = "L"
TITLE, CELL, ENGLISH = 2, 3, 4  # its columns
CELL_NAME: Final = re.compile(r"[A-Z]{1,2}[1-9][0-9]{0,3}")


def english_labels(book: Book, title: str) -> dict[str, str]:
    """Return {cell: English label} of one sheet; nothing where the template has no sheet L, as before 2.03."""
    listed = book.find((SHEET,))
    labels: dict[str, str] = {}
    for row in range(2, len(listed.rows) + 1) if listed else ():
        cell = listed.text(row, CELL) if listed else ""
        if listed and CELL_NAME.fullmatch(cell) and listed.text(row, TITLE) == title:
            labels.setdefault(cell, listed.text(row, ENGLISH))
    return labels
