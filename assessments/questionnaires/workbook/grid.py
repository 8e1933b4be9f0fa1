"""One sheet as it was sent: which column is what, and its rows; every cell can be named."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final, TypeVar

from assessments.questionnaires.core import Code, Problem, ShapeCode, SheetCode, make_problem
from assessments.questionnaires.document.reading import cut, hint
from assessments.questionnaires.workbook.layout import ALSO_READ, COLUMNS, OTHER_NAMES, Column, read_language
from assessments.questionnaires.workbook.shortforms import read_number, show_number
from assessments.questionnaires.workbook.tokens import ExpressionError

Made = TypeVar("Made")
Rows = Sequence[Sequence[object]]

HEAD_WITHIN: Final = 20
"""A head stands within the first rows of a sheet; a title may stand above it."""

LETTERS: Final = 26
_HEAD: Final = re.compile(r"([^:]+?)\s*(?:::?\s*(.+))?", re.DOTALL)
_TRUTHS: Final = {"yes": True, "true": True, "true()": True, "1": True}
_UNTRUTHS: Final = {"no": False, "false": False, "false()": False, "0": False}


def cell_text(value: object) -> str:
    """Give a cell as the text a person would have typed, composed (NFC) and trimmed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return show_number(value) or str(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").strip()


def fold_code(text: str) -> str:
    """Give a code without the full-width letters and odd blanks an Asian keyboard leaves."""
    return unicodedata.normalize("NFKC", text).strip()


class Notes:
    """The problems of all sheets, each at its cell."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def fail(self, cell: str, code: Code, /, **params: object) -> None:
        """Note a problem; `params` are what the sentence of its code names."""
        self.problems.append(make_problem(cell, code, **params))


class Grid:
    """A sheet with its head read: `fields` names the column of each (field, language)."""

    def __init__(self, name: str, rows: Rows, notes: Notes) -> None:
        self.name = name
        self.rows = rows
        self.notes = notes
        self.default_language = ""
        self.fields: dict[tuple[str, str], int] = {}
        known = (*COLUMNS[name], *ALSO_READ.get(name, ()))
        self.known: Mapping[str, Column] = {column.name: column for column in known}
        self.head_row = self.find_head()
        self.bare: set[int] = set()
        self.stray: set[int] = set()
        if self.head_row is not None:
            self.read_head(rows[self.head_row])

    def find_head(self) -> int | None:
        """Find the row that names the most needed columns; a title may stand above it."""
        needed = {column.name for column in COLUMNS[self.name] if column.needed}
        best, found = 0, None
        for index, row in enumerate(self.rows[:HEAD_WITHIN]):
            names = {_split_head(cell_text(cell))[0] for cell in row}
            if len(needed & names) > best:
                best, found = len(needed & names), index
        if found is None:
            columns = tuple(column.name for column in COLUMNS[self.name] if column.needed)
            self.notes.fail(self.name, SheetCode.NO_HEAD, sheet=self.name, columns=columns)
        return found

    def read_head(self, head: Sequence[object]) -> None:
        for index, cell in enumerate(head):
            text = cell_text(cell)
            if text:
                self.read_column(index, text)
            else:
                self.bare.add(index)
        for column in COLUMNS[self.name]:
            if column.needed and not any(field == column.name for field, _language in self.fields):
                head_cell = f"{self.name}!{(self.head_row or 0) + 1}"
                self.notes.fail(head_cell, SheetCode.NO_COLUMN, column=column.name)

    def read_column(self, index: int, text: str) -> None:
        """Note what a column holds; one that means nothing is named with the nearest that does."""
        cell = self.place(self.head_row or 0, index)
        field, words = _split_head(text)
        column = self.known.get(field)
        if column is None:
            self.notes.fail(cell, SheetCode.UNKNOWN_COLUMN, found=cut(text), **hint(field, list(self.known)))
            return
        language = ""
        if words is not None:
            language = (read_language(words) or "") if column.by_language else ""
            if not language:
                code = SheetCode.HEAD_LANGUAGE if column.by_language else SheetCode.HEAD_NO_LANGUAGE
                self.notes.fail(cell, code, found=cut(text))
                return
        self.keep_column(field, language, index)

    def keep_column(self, field: str, language: str, index: int) -> None:
        standing = self.fields.setdefault((field, language), index)
        if standing != index:
            other = self.place(self.head_row or 0, standing)
            self.notes.fail(self.place(self.head_row or 0, index), SheetCode.DOUBLE_COLUMN, other=other)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have columns, in their order."""
        return tuple(dict.fromkeys(language for _field, language in self.fields if language))

    def settle_languages(self, default: str, languages: Sequence[str] = ()) -> None:
        """Give texts without a language the default one; name the columns of languages that are not listed."""
        self.default_language = default
        for (field, language), index in list(self.fields.items()):
            if not language and self.known[field].by_language:
                del self.fields[field, language]
                self.keep_column(field, default, index)
            elif language and languages and language not in languages:
                self.notes.fail(self.place(self.head_row or 0, index), SheetCode.COLUMN_LANGUAGE, language=language)
                del self.fields[field, language]

    def lines(self) -> Iterator["Line"]:
        """Walk the rows below the head that hold anything."""
        if self.head_row is None:
            return
        for index in range(self.head_row + 1, len(self.rows)):
            line = Line(self, index)
            if any(cell_text(cell) for cell in self.rows[index]):
                self.refuse_stray(line)
                yield line

    def refuse_stray(self, line: "Line") -> None:
        """Name the first cell with words in a column that has no head."""
        row = self.rows[line.index]
        width = len(self.rows[self.head_row or 0])
        for index, cell in enumerate(row):
            headless = index in self.bare or index >= width
            if headless and index not in self.stray and cell_text(cell):
                self.stray.add(index)
                self.notes.fail(self.place(line.index, index), SheetCode.HEADLESS_CELL)

    def place(self, row: int, column: int) -> str:
        """Name a cell: survey!G12."""
        return f"{self.name}!{column_letters(column)}{row + 1}"


class Line:
    """One row of a sheet."""

    def __init__(self, grid: Grid, index: int) -> None:
        self.grid = grid
        self.index = index

    @property
    def number(self) -> int:
        """The number of the row, from 1, as the program shows it."""
        return self.index + 1

    def value(self, field: str, language: str = "") -> object:
        column = self.grid.fields.get((field, language))
        row = self.grid.rows[self.index]
        return row[column] if column is not None and column < len(row) else None

    def text(self, field: str, language: str = "") -> str:
        return cell_text(self.value(field, language))

    def code(self, field: str) -> str:
        return fold_code(self.text(field))

    def words(self, field: str) -> dict[str, str]:
        """Give a text in all its languages."""
        found = {language: self.text(field, language) for name, language in self.grid.fields if name == field}
        return {language: text for language, text in found.items() if text}

    def cell(self, field: str, language: str | None = None) -> str:
        """Name the cell of a field; without such a column the first of the row."""
        wanted = (field, self.grid.default_language if self.grid.known[field].by_language else "")
        if language is not None:
            wanted = (field, language)
        column = self.grid.fields.get(wanted)
        if column is None:
            column = next((index for (name, _language), index in self.grid.fields.items() if name == field), None)
        if column is None:
            column = min(self.grid.fields.values(), default=0)
        return self.grid.place(self.index, column)

    def fail(self, field: str, code: Code, /, **params: object) -> None:
        """Note a problem at the cell of a field."""
        self.grid.notes.fail(self.cell(field), code, **params)

    def short(self, field: str, read: Callable[[str], Made]) -> Made | None:
        """Read a cell by its short form; what is wrong with it is noted."""
        text = self.text(field)
        if not text:
            return None
        try:
            return read(text)
        except ExpressionError as error:
            self.fail(field, error.code, **error.params)
            return None

    def number_of(self, field: str) -> int | float | None:
        """Read a number, also one kept as text; note what is none."""
        value = self.value(field)
        text = self.text(field)
        if not text:
            return None
        number = None if isinstance(value, bool) else read_number(text)
        if number is None:
            self.fail(field, ShapeCode.NOT_A_NUMBER, found=cut(text))
        return number

    def truth(self, field: str) -> bool | None:
        """Read yes or no; note what is neither."""
        text = self.code(field).lower()
        if not text:
            return None
        found = {**_TRUTHS, **_UNTRUTHS}.get(text)
        if found is None:
            self.fail(field, SheetCode.NOT_YES_OR_NO, found=cut(text))
        return found


def _split_head(text: str) -> tuple[str, str | None]:
    """Cut "label::Japanese (ja)" into the field and the words for the language."""
    match = _HEAD.fullmatch(fold_code(text))
    if match is None:
        return "", None
    field = re.sub(r"[\s-]+", "_", match[1].strip().lower())
    return OTHER_NAMES.get(field, field), match[2]


def column_letters(index: int) -> str:
    """0 -> "A", 26 -> "AA"."""
    letters, number = "", index + 1
    while number > 0:
        number, rest = divmod(number - 1, LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters
