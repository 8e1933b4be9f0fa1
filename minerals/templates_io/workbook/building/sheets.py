"""Writes a declared template as a small .xlsx: the sheets and cells a reader looks at, and nothing else.

The tests and the demo are made of these files, since no template of RMI's ships. Labels are our own, short, and
hold only what finds an answer: the number of the question, the letter, the name of the mineral, the revision."""

import datetime
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

from minerals.templates_io.document import Answer, Declared, LookupRow, SmelterRow
from minerals.templates_io.workbook.building.labels import HEADERS, label_of_mineral, title_in
from minerals.templates_io.workbook.building.layouts import LABELS, Layout, layout_of

FIRST_SMELTER, FIRST_PRODUCT = 5, 6
LIST_HEADER = 4
PRODUCT_HEADER = 5
PERCENT_TEXT = "100%"


class _Book:
    """A workbook being written: what it says, where it says it, the two formats it needs."""

    def __init__(self, declared: Declared) -> None:
        self.declared = declared
        self.layout = layout_of(declared.template, declared.version)
        self.target = io.BytesIO()
        # Text stays text: a cell that begins with = is an answer, not a formula of ours.
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.file = xlsxwriter.Workbook(self.target, options)
        # The same content gives the same bytes, so that the hash of a demo file never depends on the clock.
        self.file.set_properties({"created": datetime.datetime(2020, 1, 1)})
        self.date = self.file.add_format({"num_format": "dd-mmm-yyyy"})
        self.percent = self.file.add_format({"num_format": "0%"})

    def put(self, sheet: Any, cell: str, text: str) -> None:
        """Write a text, and nothing where there is none."""
        if text:
            sheet.write_string(cell, text)

    def close(self) -> bytes:
        """Return the finished file."""
        self.file.close()
        return self.target.getvalue()


def build_workbook(declared: Declared, *, look_up: Sequence[LookupRow] = ()) -> bytes:
    """Return a workbook of our own that reads back as `declared`.

    `look_up` is added to the look-up sheet; smelters said to be listed are always on it."""
    book = _Book(declared)
    layout = book.layout
    sheets = {
        name: book.file.add_worksheet(name)
        for name in ("Revision", "Instructions", "Definitions", "Declaration", "Smelter List", "Checker")
    }
    book.put(sheets["Revision"], "B3", layout.title)
    _write_declaration(book, sheets["Declaration"])
    _write_rows(book, sheets["Smelter List"], layout.smelters, declared.smelters, LIST_HEADER)
    _write_count(sheets["Checker"], declared, layout)
    if layout.mines:
        _write_rows(book, book.file.add_worksheet("Mine List"), layout.mines, declared.mines, LIST_HEADER)
    _write_rows(book, book.file.add_worksheet("Product List"), layout.products, declared.products, PRODUCT_HEADER)
    if layout.lookup_sheet:
        _write_lookup(book, book.file.add_worksheet(layout.lookup_sheet), layout, _known(declared, look_up))
    return book.close()


def _write_declaration(book: _Book, sheet: Any) -> None:
    """Write the head, the company block, the minerals in scope, the answers."""
    shown = "2" if book.declared.version == "2.00" else book.declared.version
    book.put(sheet, "D2", title_in(book.declared.language, book.layout.title))
    book.put(sheet, "B3", "Language")
    book.put(sheet, "D3", book.declared.language)
    book.put(sheet, "J3", f"Revision {shown}")
    _write_company(book, sheet)
    _write_minerals(book, sheet)
    for question, row in book.layout.questions.items():
        _write_question(book, sheet, question, row)
    for letter, row in book.layout.letters.items():
        _write_letter(book, sheet, letter, row)


def _write_company(book: _Book, sheet: Any) -> None:
    values = {
        "scope": book.declared.scope_text or book.declared.scope,
        "description": book.declared.scope_description,
        **{field: getattr(book.declared.company, field) for field in book.declared.company.__struct_fields__},
    }
    for field, row in book.layout.company.items():
        book.put(sheet, f"B{row}", LABELS[field])
        if field == "date":
            _write_date(book, sheet, f"D{row}")
        else:
            book.put(sheet, f"D{row}", values[field])


def _write_date(book: _Book, sheet: Any, cell: str) -> None:
    """Write the date as Excel keeps dates; what is no date as the text it was."""
    if book.declared.effective_date:
        day = datetime.date.fromisoformat(book.declared.effective_date)
        sheet.write_datetime(cell, datetime.datetime.combine(day, datetime.time()), book.date)
    else:
        book.put(sheet, cell, book.declared.effective_text)


def _write_minerals(book: _Book, sheet: Any) -> None:
    """Write the picked minerals in the order in which they were picked."""
    if not book.layout.mineral_cells:
        return
    book.put(sheet, f"B{book.layout.mineral_cells[0][1:]}", "Minerals/Metals in Scope (*):")
    for cell, mineral in zip(book.layout.mineral_cells, book.declared.minerals, strict=False):
        book.put(sheet, cell, mineral)


def _write_question(book: _Book, sheet: Any, question: str, row: int) -> None:
    book.put(sheet, f"B{row}", f"{question}) Question {question} (*)")
    book.put(sheet, f"D{row}", "Answer")
    book.put(sheet, f"G{row}", "Comments")
    given = book.declared.answers.get(question, {})
    for place, mineral in enumerate(book.layout.fixed_minerals or sorted(book.declared.minerals), start=1):
        book.put(sheet, f"B{row + place}", label_of_mineral(mineral, book.declared))
        answer = given.get(mineral, Answer())
        as_number = (
            book.layout.number_percent and question == book.layout.percent_question and answer.value == PERCENT_TEXT
        )
        if as_number:
            sheet.write_number(f"D{row + place}", 1, book.percent)
        else:
            book.put(sheet, f"D{row + place}", answer.value)
        book.put(sheet, f"G{row + place}", answer.comment)


def _write_letter(book: _Book, sheet: Any, letter: str, row: int) -> None:
    book.put(sheet, f"B{row}", f"{letter}. Company question {letter} (*)")
    given = book.declared.company_questions.get(letter)
    if given:
        book.put(sheet, f"D{row}", given.answer)
        book.put(sheet, f"G{row}", given.comment)
    if letter != book.layout.per_mineral:
        return
    for place, mineral in enumerate(book.layout.fixed_minerals or sorted(book.declared.minerals), start=1):
        book.put(sheet, f"B{row + place}", label_of_mineral(mineral, book.declared))
        answer = given.minerals.get(mineral, Answer()) if given else Answer()
        book.put(sheet, f"D{row + place}", answer.value)
        book.put(sheet, f"G{row + place}", answer.comment)


def _write_rows(book: _Book, sheet: Any, columns: Mapping[str, str], rows: Iterable[Any], header: int) -> None:
    """Write the header row of a list and its rows, each in the row of the file it stands in."""
    heads = HEADERS[sheet.get_name()]
    for column, field in columns.items():
        book.put(sheet, f"{column}{header}", heads[field])
    for each in rows:
        for column, field in columns.items():
            book.put(sheet, f"{column}{each.row}", getattr(each, field))


def _write_count(sheet: Any, declared: Declared, layout: Layout) -> None:
    """Write the template's own count of missing items, as Excel would have left it."""
    sheet.write_string("D1", "Required fields remaining")
    if declared.checker_count is None:
        return
    sheet.write_number("D2", declared.checker_count)
    if layout.count_cell:
        sheet.write_number(layout.count_cell, declared.checker_count)


def _known(declared: Declared, look_up: Sequence[LookupRow]) -> list[LookupRow]:
    """Return the look-up rows: those given, and one for every listed smelter that has none."""
    rows = [*declared.lookup, *look_up]
    pairs = {(row.metal, row.lookup) for row in rows}
    for smelter in declared.smelters:
        if smelter.listed and (smelter.metal, smelter.lookup) not in pairs:
            pairs.add((smelter.metal, smelter.lookup))
            rows.append(_lookup_row(smelter))
    return rows


def _lookup_row(smelter: SmelterRow) -> LookupRow:
    return LookupRow(
        metal=smelter.metal,
        lookup=smelter.lookup,
        name=smelter.standard_name or smelter.name or smelter.lookup,
        country=smelter.country,
        cid=smelter.cid,
        city=smelter.city,
        state=smelter.state,
    )


def _write_lookup(book: _Book, sheet: Any, layout: Layout, rows: Sequence[LookupRow]) -> None:
    """Write the look-up list below its header; the older lists know a smelter by its standard name alone."""
    heads = HEADERS["Smelter Look-up"]
    by_name = "lookup" not in layout.lookup.values()
    for column, field in layout.lookup.items():
        book.put(sheet, f"{column}{layout.lookup_header}", heads[field])
    for place, row in enumerate(rows, start=layout.lookup_header + 1):
        for column, field in layout.lookup.items():
            book.put(sheet, f"{column}{place}", row.lookup if by_name and field == "name" else getattr(row, field))
        if not by_name:
            book.put(sheet, f"J{place}", f"{row.metal}{row.lookup}")
