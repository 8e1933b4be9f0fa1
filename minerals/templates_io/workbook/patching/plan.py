"""Which cell of a blank template gets what: right for Excel, and right for who reads it without calculating."""

import datetime
from collections.abc import Mapping, Sequence

from minerals.templates_io.document import UNIDENTIFIED, UNLISTED, Answer, Declared, SmelterRow
from minerals.templates_io.enums import Template
from minerals.templates_io.workbook.patching.blanks import FIRST_PRODUCT, FIRST_SMELTER, Blank, Listed
from minerals.templates_io.workbook.patching.cells import Cell, Unwritable

Cells = dict[str, Cell]
DAY_ZERO = datetime.date(1899, 12, 30)  # day 0 of Excel's calendar for every day after February 1900
WHOLE = {"100%", "1", "1.0", "100.0%"}
PLAIN = ("contact", "contact_email", "next_steps", "mines", "mine_countries", "recycled", "comments")


def plan_cells(blank: Blank, declared: Declared) -> dict[str, Cells]:
    """Return {sheet: {cell: what it shall hold}}. Raises Unwritable where the template has no place for something."""
    if blank.template != declared.template:
        raise Unwritable("other_template", template=blank.template.value, wanted=declared.template.value)
    sheets = {
        "Declaration": plan_company(blank, declared) | plan_answers(blank, declared),
        "Smelter List": plan_smelters(blank, declared),
        "Product List": plan_products(blank, declared),
    }
    if blank.layout.mines:
        sheets["Mine List"] = plan_mines(blank, declared)
    return {name: cells for name, cells in sheets.items() if cells}


def plan_company(blank: Blank, declared: Declared) -> Cells:
    """Return the cells of the company block; the scope in the template's own words."""
    values: dict[str, str | float | None] = {
        field: getattr(declared.company, field) for field in declared.company.__struct_fields__
    }
    values["scope"] = blank.options().get(declared.scope, declared.scope_text)
    values["description"] = declared.scope_description
    values["date"] = declared.effective_text
    if declared.effective_date:
        values["date"] = (datetime.date.fromisoformat(declared.effective_date) - DAY_ZERO).days
    return {f"D{row}": Cell(values[field]) for field, row in blank.layout.company.items() if values[field]}


def plan_answers(blank: Blank, declared: Declared) -> Cells:
    """Return the cells of the minerals in scope, of the questions and of the company-level questions."""
    minerals = minerals_of(blank, declared)
    cells = pick_minerals(blank, declared)
    for question, row in blank.layout.questions.items():
        as_number = blank.layout.number_percent and question == blank.layout.percent_question
        cells |= block_cells(blank, row, minerals, declared.answers.get(question, {}), as_number=as_number)
    for letter, row in blank.layout.letters.items():
        asked = declared.company_questions.get(letter)
        if asked is None:
            continue
        if letter == blank.layout.per_mineral:
            same = Answer(asked.answer)
            cells |= answer_cells(blank, row, Answer("", asked.comment))
            cells |= block_cells(blank, row, minerals, {each: asked.minerals.get(each, same) for each in minerals})
        else:
            cells |= answer_cells(blank, row, Answer(asked.answer, asked.comment))
    return cells


def block_cells(
    blank: Blank, row: int, minerals: Sequence[str], given: Mapping[str, Answer], *, as_number: bool = False
) -> Cells:
    """Return the cells of one question, its minerals on the rows below `row`."""
    cells: Cells = {}
    for place, mineral in enumerate(minerals, start=1):
        # An EMRT 1.x does not ask every question about mica: there the label is empty.
        if blank.layout.fixed_minerals and not blank.text(f"B{row + place}"):
            continue
        cells |= answer_cells(blank, row + place, given.get(mineral, Answer()), as_number=as_number)
        cells |= label_cells(blank, row + place, mineral)
    return cells | clear_labels(blank, row, len(minerals))


def minerals_of(blank: Blank, declared: Declared) -> tuple[str, ...]:
    """Return the minerals in the order of their rows. Raises Unwritable for one the template does not ask for."""
    fixed = blank.layout.fixed_minerals
    if not fixed:
        if len(declared.minerals) > len(blank.layout.mineral_cells):
            raise Unwritable("too_many_minerals", most=str(len(blank.layout.mineral_cells)))
        return tuple(sorted(declared.minerals))
    strange = [mineral for mineral in declared.minerals if mineral not in fixed]
    if strange:
        raise Unwritable("minerals", minerals=", ".join(strange), template=blank.template.value, version=blank.version)
    return fixed


def pick_minerals(blank: Blank, declared: Declared) -> Cells:
    """Return the cells in which the minerals are chosen: an EMRT's each have a place of their own, an AMRT's do not."""
    places = blank.layout.mineral_cells
    if not places:
        return {}
    own = {cell: blank.text(cell) for cell in places}
    if blank.template == Template.EMRT and set(declared.minerals) <= set(own.values()):
        return {cell: Cell(None) for cell, mineral in own.items() if mineral not in declared.minerals}
    chosen = [*declared.minerals, *[None] * len(places)]
    return {cell: Cell(mineral) for cell, mineral in zip(places, chosen, strict=False)}


def answer_cells(blank: Blank, row: int, answer: Answer, *, as_number: bool = False) -> Cells:
    """Return the cells of one answer. Old versions know a share of all suppliers as the number 1, shown as 100%."""
    value: str | float = 1 if as_number and answer.value in WHOLE else blank.own_words(answer.value)
    cells = {f"D{row}": Cell(value), f"G{row}": Cell(answer.comment)}
    return {name: cell for name, cell in cells.items() if cell.value}


def label_cells(blank: Blank, row: int, mineral: str) -> Cells:
    """Return what the label's formula will give, where the labels follow the minerals picked."""
    if blank.layout.fixed_minerals or blank.text(f"B{row}").startswith(mineral):
        return {}
    return {f"B{row}": Cell(f"{mineral}(*)", keep=True)}


def clear_labels(blank: Blank, row: int, used: int) -> Cells:
    """Return the labels of the rows below the minerals that are used, which the formulas will leave empty."""
    most = 0 if blank.layout.fixed_minerals else len(blank.layout.mineral_cells)
    left = [f"B{each}" for each in range(row + used + 1, row + most + 1)]
    return {cell: Cell("", keep=True) for cell in left if blank.text(cell)}


def plan_smelters(blank: Blank, declared: Declared) -> Cells:
    """Return the cells of the Smelter List. Raises Unwritable where there are more rows than formulas."""
    if len(declared.smelters) > blank.room_for_smelters():
        raise Unwritable("too_many_smelters", rows=str(len(declared.smelters)), most=str(blank.room_for_smelters()))
    cells: Cells = {}
    for place, smelter in enumerate(declared.smelters):
        row = FIRST_SMELTER + place
        if blank.layout.lookup_sheet:
            cells |= smelter_cells(blank, row, smelter)
        else:
            cells |= row_cells(blank.layout.smelters, row, smelter)
    return cells


def smelter_cells(blank: Blank, row: int, smelter: SmelterRow) -> Cells:
    """Return the cells of one smelter: by its id where the list resolves it, by its name, or as one not listed."""
    cells: Cells = {f"{column}{row}": Cell(getattr(smelter, field)) for column, field in plain_columns(blank).items()}
    cells = {name: cell for name, cell in cells.items() if cell.value}
    found, by_id = find_listed(blank, smelter)
    if found and by_id:
        cells[f"A{row}"] = Cell(found.cid)
        cells |= {f"B{row}": Cell(found.metal, keep=True), f"C{row}": Cell(found.name, keep=True)}
        return cells | resolved_cells(row, found)
    if found:
        cells |= {f"B{row}": Cell(found.metal), f"C{row}": Cell(found.lookup)}
        return cells | (resolved_cells(row, found) if not pseudo(found.lookup) else typed_cells(row, smelter))
    words = {each.lookup.lower(): each.lookup for each in blank.listed if pseudo(each.lookup)}
    mark = UNIDENTIFIED if smelter.is_unidentified else UNLISTED
    cells |= {f"B{row}": Cell(smelter.metal), f"C{row}": Cell(words.get(mark, mark.capitalize()))}
    return cells | typed_cells(row, smelter)


def plain_columns(blank: Blank) -> Mapping[str, str]:
    """Return the columns that people fill in whatever the smelter is."""
    return {column: field for column, field in blank.layout.smelters.items() if field in PLAIN}


def pseudo(lookup: str) -> bool:
    """Whether a name of the look-up list stands for a smelter that is not on it."""
    return lookup.strip().lower() in {UNLISTED, UNIDENTIFIED}


def find_listed(blank: Blank, smelter: SmelterRow) -> tuple[Listed | None, bool]:
    """Return the look-up row the template's formulas will find for a smelter, and whether they find it by its id.

    The formulas go from the id to the standard name and from that name to its first row. One name can stand for
    several ids of a metal; there only another name of the same smelter leads to the right one."""
    metal = smelter.metal.lower()
    if smelter.cid and not pseudo(smelter.lookup):
        rows = blank.by_id.get((metal, smelter.cid), ())
        if rows and blank.by_name.get((metal, rows[0].name.lower())) in rows:
            return blank.by_name[metal, rows[0].name.lower()], True
        for each in rows:
            if blank.by_name[metal, each.lookup.lower()] is each:
                return each, False
        return None, False
    return blank.by_name.get((metal, smelter.lookup.lower())), False


def resolved_cells(row: int, found: Listed) -> Cells:
    """Return what the row's formulas will give for a smelter on the list."""
    values = {"E": found.country, "F": found.cid, "G": found.source, "H": found.street, "I": found.city}
    values |= {"J": found.state, "R": found.name}
    cells = {f"{column}{row}": Cell(value, keep=True) for column, value in values.items()}
    return cells | {f"D{row}": Cell(found.name), f"V{row}": Cell(float(found.row), keep=True)}


def typed_cells(row: int, smelter: SmelterRow) -> Cells:
    """Return what people type over the formulas for a smelter that is not on the list."""
    values = {
        "D": smelter.name or smelter.standard_name,
        "E": smelter.country,
        "F": smelter.cid,
        "G": smelter.source,
        "H": smelter.street,
        "I": smelter.city,
        "J": smelter.state,
    }
    return {f"{column}{row}": Cell(value) for column, value in values.items() if value}


def row_cells(columns: Mapping[str, str], row: int, each: object) -> Cells:
    """Return the cells of a row of a list without formulas."""
    values = {column: getattr(each, field) for column, field in columns.items()}
    return {f"{column}{row}": Cell(value) for column, value in values.items() if value}


def plan_products(blank: Blank, declared: Declared) -> Cells:
    """Return the cells of the Product List. Raises Unwritable where there are more products than rows."""
    if len(declared.products) > blank.room_for_products():
        raise Unwritable("too_many_products", rows=str(len(declared.products)), most=str(blank.room_for_products()))
    cells: Cells = {}
    for place, product in enumerate(declared.products):
        cells |= row_cells(blank.layout.products, FIRST_PRODUCT + place, product)
    return cells


def plan_mines(blank: Blank, declared: Declared) -> Cells:
    """Return the cells of the Mine List."""
    cells: Cells = {}
    for place, mine in enumerate(declared.mines):
        cells |= row_cells(blank.layout.mines, FIRST_SMELTER + place, mine)
    return cells
