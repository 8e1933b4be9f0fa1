"""Changing a workbook of our own as users, other programs and other versions do."""

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any

import openpyxl


def edit(content: bytes, cells: Mapping[str, Any], *, rename: Mapping[str, str] | None = None) -> bytes:
    """Return the workbook with {'Declaration!D8': value} changed; None empties a cell."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for place, value in cells.items():
        title, cell = place.split("!")
        book[title][cell] = value
    for old, new in (rename or {}).items():
        book[old].title = new
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def add_labels(content: bytes, rows: list[tuple[str, str, str]], *, blank: bool = True) -> bytes:
    """Return the workbook with a sheet L of (sheet, cell, English label), and those labels emptied where they stood."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    labels = book.create_sheet("L")
    labels.append(["", "Sheets", "Cells", "English", "中文 Chinese"])
    for title, cell, text in rows:
        labels.append([f"{title}{cell}", title, cell, text, ""])
        if blank:
            book[title][cell] = None
    return saved(book)


def all_labels(content: bytes) -> list[tuple[str, str, str]]:
    """Return every label in column B of the declaration, as a sheet L lists them."""
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Declaration"]
    rows = ((f"B{row}", sheet[f"B{row}"].value) for row in range(1, sheet.max_row + 1))
    return [("Declaration", cell, text) for cell, text in rows if text]


def replace_member(content: bytes, name: str, pattern: bytes, new: bytes) -> bytes:
    """Return the package with one member changed by a pattern; the first hit must be there."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as fresh:
        for member in old.namelist():
            data = old.read(member)
            if member == name:
                data, hits = re.subn(pattern, lambda _found: new, data, count=1)
                assert hits == 1, name
            fresh.writestr(member, data)
    return target.getvalue()
