"""The layouts of the packs as a writer needs them: fields by column, titles, where the user picks minerals."""

from collections.abc import Mapping

import msgspec

from minerals.templates_io.document import LookupRow, MineRow, Product, SmelterRow
from minerals.templates_io.document.upgrade import SHARE_QUESTION
from minerals.templates_io.enums import Template
from minerals.templates_io.workbook import packs

LABELS = {
    "name": "Company Name (*):",
    "scope": "Declaration Scope or Class (*):",
    "description": "Description of Scope:",
    "id": "Company Unique ID:",
    "id_authority": "Company Unique ID Authority:",
    "address": "Address:",
    "contact": "Contact Name (*):",
    "contact_email": "Email - Contact (*):",
    "contact_phone": "Phone - Contact (*):",
    "authorizer": "Authorizer (*):",
    "authorizer_title": "Title - Authorizer:",
    "authorizer_email": "Email - Authorizer (*):",
    "authorizer_phone": "Phone - Authorizer:",
    "date": "Effective Date (*):",
}
TITLES = {
    Template.CMRT: "Conflict Minerals Reporting Template (CMRT)",
    Template.EMRT: "Extended Mineral Reporting Template (EMRT)",
    Template.AMRT: "Additional Minerals Reporting Template (AMRT)",
    Template.PRT: "Pilot Reporting Template (PRT)",
    Template.CRT: "Cobalt Reporting Template (CRT)",
}
OLD_TITLE = "Conflict Minerals Reporting Template"  # 2.x names itself without its letters
# Where the user picks the minerals: the columns of two rows.
PICKED = {Template.EMRT: "DEG", Template.AMRT: "DEGHI", Template.PRT: "DEGHI"}
# The versions in which "100%" is the number 1 shown as a percentage: from the first up to the second.
NUMBER_PERCENT = {
    Template.CMRT: ("6.0", "6.31"),
    Template.EMRT: ("1.0", "2.0"),
    Template.AMRT: ("1.0", "1.3"),
    Template.PRT: ("1.0", "1.3"),
}


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """The cells of one version. `lookup_sheet` is empty where the template has none."""

    title: str
    company: Mapping[str, int]
    questions: Mapping[str, int]  # the row of the question; its minerals follow
    letters: Mapping[str, int]
    per_mineral: str  # the letter that is asked per mineral, on the rows below it
    mineral_cells: tuple[str, ...]  # where the user says which minerals the file speaks of
    fixed_minerals: tuple[str, ...]
    smelters: Mapping[str, str]
    mines: Mapping[str, str]
    products: Mapping[str, str]
    lookup_sheet: str
    lookup: Mapping[str, str]
    lookup_header: int
    number_percent: bool  # whether "100%" is the number 1 shown as a percentage
    percent_question: str
    count_cell: str


def layout_of(template: Template, version: str) -> Layout:
    """Return the cells of a version; a version newer than all known ones has those of the newest."""
    known = packs.layout_for(template, version)[0]
    lookup = known.lookups[0] if known.lookups else None
    is_old = known.labels == "old"
    return Layout(
        title=OLD_TITLE if is_old else TITLES[template],
        company={field: row for field, row in known.company.items() if field in LABELS},
        questions=known.questions,
        letters=known.letters,
        per_mineral=known.per_mineral,
        mineral_cells=_mineral_cells(template, known.company.get("minerals", 0)),
        fixed_minerals=known.minerals,
        smelters=_columns(known.smelters, SmelterRow),
        mines=_columns(known.mines, MineRow),
        products=_columns(known.products, Product),
        lookup_sheet=lookup.sheets[0] if lookup else "",
        lookup=_columns(lookup, LookupRow),
        lookup_header=lookup.head if lookup else 0,
        number_percent=_has_number_percent(template, version),
        percent_question=SHARE_QUESTION[template],
        count_cell=known.count[-1] if len(known.count) > 1 else "",
    )


def _columns(known: packs.ListLayout | None, row: type[msgspec.Struct]) -> dict[str, str]:
    """Return {column: field} of a list, of the fields that are kept."""
    columns = known.columns if known else {}
    return {column: field for field, column in columns.items() if field in row.__struct_fields__}


def _mineral_cells(template: Template, first: int) -> tuple[str, ...]:
    rows = (first, first + 1) if first else ()
    return tuple(f"{column}{row}" for row in rows for column in PICKED[template])


def _has_number_percent(template: Template, version: str) -> bool:
    since, before = NUMBER_PERCENT.get(template, ("", ""))
    return packs.version_key(since) <= packs.version_key(version) < packs.version_key(before)
