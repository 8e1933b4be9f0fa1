"""From the bytes of a file to everything it declares."""

from collections.abc import Iterator
from typing import Final

from minerals.templates_io.document import Declared
from minerals.templates_io.enums import Tier
from minerals.templates_io.workbook.cells import Grid, cell_place
from minerals.templates_io.workbook.declaration_sheet import read_sheet
from minerals.templates_io.workbook.identifying import identify
from minerals.templates_io.workbook.lists import read_lookup, read_mines, read_products, read_smelters
from minerals.templates_io.workbook.opening import open_book
from minerals.templates_io.workbook.packs import Layout, layout_for

CHECKER: Final = "Checker"
MOST_MISSING: Final = 10_000


def read_declaration(content: bytes) -> Declared:
    """Read a CMRT, EMRT, AMRT, PRT or CRT of any version since 2.00.

    Raises Unreadable, and nothing else, for bytes that are none: empty, too_large, not_a_workbook, locked, damaged,
    bomb, too_wide, not_a_template, too_old.
    """
    book = open_book(content)
    identity = identify(book)
    layout, guessed = layout_for(identity.template, identity.version)
    said = read_sheet(identity.sheet, layout, book, guessed=guessed)
    known = read_lookup(book, layout.lookups)
    return Declared(
        template=identity.template,
        version=identity.version,
        language=identity.language,
        tier=said.anchors.tier,
        layout_guessed=guessed or not (layout.sure or said.anchors.tier == Tier.LABELS),
        company=said.company,
        scope=said.scope,
        scope_text=said.scope_text,
        scope_description=said.scope_description,
        effective_date=said.effective_date,
        effective_text=said.effective_text,
        minerals=said.minerals,
        answers=said.answers,
        company_questions=said.company_questions,
        smelters=read_smelters(book, layout.smelters, known),
        mines=read_mines(book, layout.mines),
        products=read_products(book, layout.products),
        checker_count=_count(book.find((CHECKER,)), layout),
        lookup=known.all_rows(),
    )


def _count(sheet: Grid | None, layout: Layout) -> int | None:
    """Return the number of missing items that Excel's formulas left in the file; None where they left none."""
    return next(_numbers(sheet, layout), None) if sheet else None


def _numbers(sheet: Grid, layout: Layout) -> Iterator[int]:
    for cell in layout.count:
        value = sheet.raw(*cell_place(cell))
        if isinstance(value, str) and value.strip().isdecimal():
            value = float(value.strip()[:9])
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST_MISSING:
            yield int(value)
