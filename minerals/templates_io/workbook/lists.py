"""The lists of a template: smelters, mines, products, and the look-up list it knows smelters by."""

from collections.abc import Iterator
from operator import itemgetter
from typing import Final

import msgspec

from minerals.templates_io.document import LookupRow, MineRow, Product, SmelterRow
from minerals.templates_io.workbook.cells import Grid, clean_text, column_number, fill_gaps
from minerals.templates_io.workbook.declaration_sheet import canonical_mineral, read_answer
from minerals.templates_io.workbook.lookup import KnownSmelters
from minerals.templates_io.workbook.opening import Book
from minerals.templates_io.workbook.packs import ListLayout, labels_of

LOOKUP_FIELDS: Final = frozenset((*LookupRow.__struct_fields__, "aliases"))
FEWEST_HEADS: Final = 3
SMELTER_IDENTITY: Final = ("metal", "lookup", "name", "country", "cid", "cid_input", "standard_name")
MINE_IDENTITY: Final = ("metal", "smelter", "name", "id", "country")
PRODUCT_IDENTITY: Final = ("number", "name", "requester_number", "requester_name")


def read_smelters(book: Book, layout: ListLayout, known: KnownSmelters) -> tuple[SmelterRow, ...]:
    """Read the Smelter List to the end of its sheet: rows stand after gaps, and hidden."""
    sheet = find_list(book, layout, "heads_smelters")
    if sheet is None:
        return ()
    columns = find_columns(book, sheet, layout, "heads_smelters")
    computed = "standard_name" in layout.columns  # since 4.10 formulas fill in every field of a known smelter
    found = []
    for row, values in read_rows(sheet, columns, layout, SMELTER_IDENTITY):
        values["metal"] = canonical_mineral(values.get("metal", ""))
        values["recycled"] = read_answer(values.get("recycled", ""))
        found.append(known.complete(msgspec.convert({"row": row, **values}, SmelterRow), computed))
    return tuple(found)


def read_mines(book: Book, layout: ListLayout | None) -> tuple[MineRow, ...]:
    """Read the Mine List, where the template has one."""
    sheet = find_list(book, layout, "heads_mines") if layout else None
    if sheet is None or layout is None:
        return ()
    columns = find_columns(book, sheet, layout, "heads_mines")
    fields = {field: column for field, column in columns.items() if field in MineRow.__struct_fields__}
    rows = read_rows(sheet, fields, layout, MINE_IDENTITY)
    return tuple(
        MineRow(row=row, **{**values, "metal": canonical_mineral(values.get("metal", ""))}) for row, values in rows
    )


def read_products(book: Book, layout: ListLayout) -> tuple[Product, ...]:
    """Read the Product List."""
    sheet = find_list(book, layout, "heads_products")
    if sheet is None:
        return ()
    columns = find_columns(book, sheet, layout, "heads_products")
    return tuple(Product(row=row, **values) for row, values in read_rows(sheet, columns, layout, PRODUCT_IDENTITY))


def read_lookup(book: Book, layouts: tuple[ListLayout, ...]) -> KnownSmelters:
    """Read the lists a template knows its smelters by."""
    known = KnownSmelters()
    for layout in layouts:
        sheet = book.find(layout.sheets)
        if sheet is None:
            continue
        columns = find_columns(book, sheet, layout, "heads_lookups")
        wanted = {field: column for field, column in columns.items() if field in LOOKUP_FIELDS}
        for _row, values in read_rows(sheet, wanted, layout, ("metal",)):
            aliases = values.pop("aliases", "")
            values["metal"] = canonical_mineral(values["metal"])
            known.add(values, aliases)
    return known


def find_list(book: Book, layout: ListLayout, heads: str) -> Grid | None:
    """Return the sheet of a list; one that was renamed is known by its heads."""
    if sheet := book.find(layout.sheets):
        return sheet
    labels = labels_of(heads)

    def has_heads(sheet: Grid) -> bool:
        texts = (sheet.text(layout.head, column) for column in range(1, 20))
        return len({field for text in texts if text and (field := labels.match_start(text))}) >= FEWEST_HEADS

    return book.search(has_heads)


def find_columns(book: Book, sheet: Grid, layout: ListLayout, heads: str) -> dict[str, int]:
    """Return {field: column}: by the heads in any language, by the file's list of labels, by the place."""
    expected = {field: column_number(letters) for field, letters in layout.columns.items()}
    labels = labels_of(heads)
    texts = {column: sheet.text(layout.head, column) for column in range(1, max(expected.values()) + 5)}
    found = _match(texts, expected, labels.match_start)
    if len(found) < FEWEST_HEADS:
        found = _match(labelled_heads(book, sheet.name, layout.head), expected, labels.match_start) | found
    return fill_gaps(found if len(found) >= FEWEST_HEADS else {}, expected)


def labelled_heads(book: Book, name: str, head: int) -> dict[int, str]:
    """Return {column: English head} of a list from the file's own list of labels."""
    listed = book.find(("L",))
    heads: dict[int, str] = {}
    for row in range(2, len(listed.rows) + 1 if listed else 0):
        cell = listed.text(row, 3) if listed else ""
        letters = cell.rstrip("0123456789")
        if listed and letters.isalpha() and cell == f"{letters}{head}" and listed.text(row, 2) == name:
            heads[column_number(letters)] = listed.text(row, 4)
    return heads


def _match(texts: dict[int, str], expected: dict[str, int], match: object) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, text in texts.items():
        field = match(text) if text and callable(match) else ""
        if field and (field in expected or field.startswith("requester")):
            found.setdefault(field, column)
    return found


def read_rows(
    sheet: Grid, columns: dict[str, int], layout: ListLayout, identity: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (row, {field: text}) of every row below the heads that names anything."""
    width = max(map(len, sheet.rows[:1]), default=0)  # every row of a sheet is as long as the first
    places = [(field, column - 1) for field, column in columns.items() if column <= width]
    asked = [place for field, place in places if field in identity]
    if not asked:
        return
    pick = itemgetter(*asked, asked[0])  # at least two, so that it gives a tuple
    for row, cells in enumerate(sheet.rows[layout.head : layout.last], start=layout.head + 1):
        if not any(pick(cells)):
            continue
        values = {field: text for field, place in places if (text := clean_text(cells[place]))}
        if any(field in values for field in identity):
            yield row, values
