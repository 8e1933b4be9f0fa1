"""What a workbook is: the template, its version, its language. By its content alone, never by the name of the file."""

import re
import unicodedata
from typing import Final

import msgspec

from minerals.templates_io.enums import Template
from minerals.templates_io.workbook.cells import Grid, clean_text
from minerals.templates_io.workbook.errors import Unreadable
from minerals.templates_io.workbook.label_sheet import SHEET as SHEET_LABELS
from minerals.templates_io.workbook.label_sheet import english_labels
from minerals.templates_io.workbook.opening import Book
from minerals.templates_io.workbook.packs import labels_of

DECLARATION: Final = "Declaration"
OLDEST_LIST: Final = "Smelter and Mine List"  # the sheet only CMRT 1.00 has
LETTERS: Final = re.compile(r"(?<![A-Z])(CMRT|EMRT|AMRT|PRT|CRT)(?![A-Z])")
REVISION: Final = re.compile(r"(?:r[eé]vision|version)\s*:?\s*(\d+(?:\.\d+)*(?:[a-z]\b)?)", re.IGNORECASE)
THREE_PARTS: Final = re.compile(r"(\d+)\.(\d)\.(\d)")
# How RMI itself writes these releases elsewhere.
FULL_NAMES: Final = {"1": "1.00", "2": "2.00", "2.0": "2.00", "4.1": "4.10", "4.2": "4.20", "6.1": "6.10"}
HEAD_ROWS: Final = range(1, 9)
LABEL_COLUMN: Final = 2
FIRST_LABELS: Final = range(6, 12)
LANGUAGE_PLACE: Final = (3, 4)
LANGUAGE_INDEX: Final = (3, 16)


class Identity(msgspec.Struct, frozen=True):
    """What a file is, and its Declaration sheet."""

    template: Template
    version: str
    language: str
    sheet: Grid


def identify(book: Book) -> Identity:
    """Say what a workbook is. Raises Unreadable for one that is no template, and for the layout of 2011."""
    sheet = book.find((DECLARATION,)) or book.search(_is_declaration)
    if sheet is None:
        raise Unreadable("not_a_template", looked=DECLARATION, found=", ".join(book.names[:10]))
    number = find_version(sheet) or _version_of_lists(book)
    template = _find_template(sheet, number, book)
    if template is None:
        raise Unreadable("not_a_template", looked=DECLARATION, found=", ".join(book.names[:10]))
    version = normal_version(template, number)
    if template == Template.CMRT and (version.startswith(("1.", "0.")) or book.find((OLDEST_LIST,))):
        raise Unreadable("too_old", version=version or "1.00")
    return Identity(template, version, _language(sheet, book), sheet)


def find_version(sheet: Grid) -> str:
    """Return the number after the word Revision in the head of a sheet; empty if there is none."""
    for row in HEAD_ROWS:
        for value in sheet.rows[row - 1] if row <= len(sheet.rows) else ():
            if isinstance(value, str) and (found := REVISION.search(unicodedata.normalize("NFKC", value))):
                return found[1]
    return ""


def normal_version(template: Template, number: str) -> str:
    """Return a version as RMI writes it elsewhere: 2 is 2.00, 6.1 is 6.10, 1.2.1 is 1.21."""
    number = THREE_PARTS.sub(r"\1.\2\3", number.lower())
    if template == Template.CMRT:
        return FULL_NAMES.get(number, number)
    return f"{number}.0" if number.isdigit() else number


def _version_of_lists(book: Book) -> str:
    lists = (book.find((name,)) for name in ("Smelter List", "Mine List"))
    return next((number for sheet in lists if sheet and (number := find_version(sheet))), "")


def _find_template(sheet: Grid, number: str, book: Book) -> Template | None:
    """Return the template named in the title, else anywhere in the head; 2.x names itself by its version alone."""
    title = clean_text(sheet.raw(2, 4))
    head = [text for row in HEAD_ROWS for value in sheet.rows[row - 1 : row] for text in value if isinstance(text, str)]
    for text in (title, *head):
        if found := LETTERS.search(unicodedata.normalize("NFKC", text)):
            return Template(found[1])
    return _from_labels(book) or (Template.CMRT if number or book.find((OLDEST_LIST,)) else None)


def _from_labels(book: Book) -> Template | None:
    """Return the template whose title stands in the file's own list of labels."""
    title = english_labels(book, DECLARATION).get("D2", "")
    found = LETTERS.search(title)
    return Template(found[1]) if found else Template.CMRT if title else None


def _is_declaration(sheet: Grid) -> bool:
    """Say whether a renamed sheet is a declaration: by the revision in its head and the label of the company."""
    first = (sheet.text(row, LABEL_COLUMN) for row in FIRST_LABELS)
    return bool(find_version(sheet)) and any(labels_of("company").match(text) == "name" for text in first)


def _language(sheet: Grid, book: Book) -> str:
    """Return the language as the file names it, else by its number in the file's list of labels."""
    if name := sheet.text(*LANGUAGE_PLACE):
        return name[:40]
    index, labels = sheet.raw(*LANGUAGE_INDEX), book.find((SHEET_LABELS,))
    return labels.text(1, 3 + int(index))[:40] if labels and isinstance(index, float) and 0 < index < 20 else ""  # noqa: PLR2004
