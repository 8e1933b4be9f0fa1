"""The consolidated list of smelters with its sources, as sheets and as CSV."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django_countries import countries

from minerals.declarations.models import DeclaredSmelter
from minerals.rollup.aggregation import recycled_word
from minerals.rollup.enums import Recycled
from minerals.rollup.models import Rollup, RollupSmelter
from minerals.rollup.queries.evidence import placed_rows
from minerals.rollup.queries.smelters import rolled_smelters
from minerals.rollup.reports.statuses import Standing, standings_of
from minerals.smelters.enums import CaseState, Status
from minerals.templates_io.queries import mineral_name
from portal.lib.workbook import Sheet

RISKY_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
WIDTHS = (12, 14, 34, 22, 22, 14, 26, 10, 10, 12, 34, 10, 60)
SOURCE_WIDTHS = (12, 14, 34, 30, 14, 30, 8, 34, 22, 30, 26, 10)


def smelter_sheets(rollup: Rollup | None, as_of: date) -> list[Sheet]:
    """Return three sheets: the smelters, every row they rest on, and the names that are left out with the reason."""
    rows = sorted_rows(rollup)
    listed = [row for row in rows if is_listed(row)]
    return [
        Sheet(title=_("Smelters"), headers=heads(), rows=list(smelter_lines(listed, rollup, as_of)), widths=WIDTHS),
        Sheet(title=_("Sources"), headers=source_heads(), rows=source_lines(rollup, listed), widths=SOURCE_WIDTHS),
        Sheet(title=_("Left out"), headers=left_heads(), rows=left_lines(rows), widths=(12, 34, 22, 12, 30, 40)),
    ]


def smelter_csv(rollup: Rollup | None, as_of: date) -> bytes:
    """Return the smelters as CSV with a mark for Excel; a cell that a spreadsheet would run as a formula is quoted."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(heads())
    listed = [row for row in sorted_rows(rollup) if is_listed(row)]
    for line in smelter_lines(listed, rollup, as_of):
        writer.writerow([neutral(cell) for cell in line])
    return target.getvalue().encode("utf-8-sig")


def neutral(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(RISKY_STARTS):
        return f"'{cell}"
    return "" if cell is None else cell


def sorted_rows(rollup: Rollup | None) -> list[RollupSmelter]:
    """Return the sums of a roll-up by metal and name, what is not identified last."""
    return sorted(rolled_smelters(rollup), key=lambda row: (row.metal, row.smelter is None, name_of(row), row.pk))


def is_listed(row: RollupSmelter) -> bool:
    """Whether a sum stands in the company's list: no name that waits for a decision, none that was rejected."""
    return row.case is None or row.case.state == CaseState.UNKNOWN


def name_of(row: RollupSmelter) -> str:
    """Return what a sum stands for."""
    if row.smelter:
        return row.smelter.name
    return row.case.name if row.case else _("Not identified yet")


def heads() -> list[str]:
    """Return the head of the list."""
    return [
        _("Metal"),
        _("Smelter number"),
        _("Name"),
        _("Country of the smelter"),
        _("Status"),
        _("Status as of"),
        _("Status as the source says it"),
        _("Suppliers"),
        _("For products"),
        _("Recycled"),
        _("Countries of origin"),
        _("Rows"),
        _("Sources"),
    ]


def smelter_lines(rows: Iterable[RollupSmelter], rollup: Rollup | None, as_of: date) -> Iterator[list[Any]]:
    """Yield one line for each smelter, with the suppliers that name it."""
    listed = list(rows)
    standings = standings_of([row.smelter for row in listed if row.smelter], as_of)
    sources = suppliers_by_key(rollup)
    for row in listed:
        standing = standings.get(row.smelter_id or 0, Standing(Status.UNKNOWN))
        yield [
            mineral_name(row.metal),
            row.smelter.cid if row.smelter else "",
            name_of(row),
            place_of(row),
            Status(standing.status).label if row.smelter else "",
            standing.as_of,
            standing.text,
            row.suppliers,
            row.named_suppliers,
            Recycled(recycled_word(row.recycled_yes, row.recycled_no)).label,
            countries_in_words(row.origins),
            row.rows,
            ", ".join(sorted(sources.get(row.key, ()))),
        ]


def place_of(row: RollupSmelter) -> str:
    """Return the country a smelter stands in; it is not where its ore comes from."""
    if row.smelter:
        return str(row.smelter.country.name) if row.smelter.country else row.smelter.country_text
    return row.case.country_text if row.case else ""


def countries_in_words(codes: Iterable[str]) -> str:
    """Return countries by their names."""
    return ", ".join(sorted(str(countries.name(code)) or code for code in codes))


def suppliers_by_key(rollup: Rollup | None) -> dict[str, set[str]]:
    """Return the names of the suppliers behind each sum; one query."""
    found: dict[str, set[str]] = defaultdict(set)
    rows = placed_rows(rollup).order_by().select_related(None)
    names = "edition__declaration__relationship__supplier__name"
    for smelter_id, case_id, metal, supplier in rows.values_list("smelter_id", "case_id", "metal", names).iterator(
        2000
    ):
        found[key_of(smelter_id, case_id, metal)].add(supplier)
    return found


def key_of(smelter_id: int | None, case_id: int | None, metal: str) -> str:
    """Return the key under which the roll-up sums a declared row."""
    return f"s{smelter_id}" if smelter_id else f"c{case_id}" if case_id else f"u:{metal}"


def source_heads() -> list[str]:
    """Return the head of the evidence."""
    return [
        _("Metal"),
        _("Smelter number"),
        _("Name"),
        _("Supplier"),
        _("Vendor code"),
        _("Declaration"),
        _("Row"),
        _("Name as written"),
        _("Country as written"),
        _("Mines"),
        _("Countries of the mines"),
        _("Recycled"),
    ]


def source_lines(rollup: Rollup | None, listed: Iterable[RollupSmelter]) -> Iterator[list[Any]]:
    """Yield every declared row behind the list: whose, in which declaration, at which row, in which words."""
    names = {row.smelter_id: row.smelter for row in listed if row.smelter}
    rows = placed_rows(rollup).select_related("edition__declaration__relationship__supplier", "case")
    known_first = F("smelter_id").asc(nulls_last=True)  # the databases do not agree where nothing stands
    for row in rows.order_by("metal", known_first, "case_id", "pk").iterator(2000):
        if row.case and row.case.state != CaseState.UNKNOWN:
            continue
        yield source_line(row, names.get(row.smelter_id))


def source_line(row: DeclaredSmelter, smelter: Any) -> list[Any]:
    """Return one declared row as it was written."""
    declaration = row.edition.declaration
    return [
        mineral_name(row.metal),
        smelter.cid if smelter else row.cid,
        smelter.name if smelter else row.name,
        declaration.relationship.supplier.name,
        declaration.relationship.vendor_code,
        f"{declaration.title} ({declaration.year})",
        row.row,
        row.name,
        row.country_text,
        row.mines,
        row.mine_countries,
        row.recycled,
    ]


def left_heads() -> list[str]:
    """Return the head of what is left out."""
    return [_("Metal"), _("Name"), _("Country"), _("Suppliers"), _("State"), _("Reason")]


def left_lines(rows: Iterable[RollupSmelter]) -> Iterator[list[Any]]:
    """Yield the names that wait for a decision and those that were rejected, with the reason."""
    for row in rows:
        if row.case is None or is_listed(row):
            continue
        reason = " ".join(filter(None, [row.case.get_rejection_display(), row.case.reason]))
        state = row.case.get_state_display()
        yield [mineral_name(row.metal), row.case.name, row.case.country_text, row.suppliers, state, reason]
