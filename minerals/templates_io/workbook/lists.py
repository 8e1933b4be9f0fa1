"""The lists of a template: smelters, mines, products, and the look-up list it knows smelters by."""

from collections.abc import Iterator
from operator import itemgetter
from typing import Final

import msgspec

from minerals.templates_io.document import LookupRow, MineRow, Product, SmelterRow
from minerals.templates_io.workbook.cells import Grid, cell_place, clean_text, column_number, fill_gaps
from minerals.templates_io.workbook.declaration_sheet import canonical_mineral, read_answer
from minerals.templates_io.workbook.label_sheet import english_labels
from minerals.templates_io.workbook.lookup import KnownSmelters
from minerals.templates_io.workbook.opening import Book
from minerals.templates_io.workbook.packs import Labels, ListLayout, labels_of

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
        one = known.complete(msgspec.convert({"row": row, **values}, SmelterRow), computed)
        found.append(msgspec.structs.replace(one, standard_name=one.name) if layout.name_is_standard else one)
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
            if labels_of("heads_lookups").match(values["metal"]) == "metal":
                continue  # the heads of a version that has them one row lower
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
    found = _match(texts, expected, labels)
    if len(found) < FEWEST_HEADS:
        places = ((*cell_place(cell), text) for cell, text in english_labels(book, layout.sheets[0]).items())
        listed = {column: text for row, column, text in places if row == layout.head}
        found = _match(listed, expected, labels) | found
    return fill_gaps(found if len(found) >= FEWEST_HEADS else {}, expected)


def _match(texts: dict[int, str], expected: dict[str, int], labels: Labels) -> dict[str, int]:
    """Return {field: column} of the heads that are known, the first of each; newer versions add a requester's."""
    found: dict[str, int] = {}
    for column, text in texts.items():
        field = labels.match_start(text) if text else ""
        if field in expected or field.startswith("requester"):
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
