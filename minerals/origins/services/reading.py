"""A pasted table or a file to rows of risky areas, with a sentence for each wrong cell."""

import io
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from minerals.origins.core import Areas, base_areas, country_code
from minerals.origins.enums import AreaGrade
from portal.lib.errors import DomainError
from portal.lib.workbook import Row, Table, as_text, column_letters, find_heads, in_every_language, read_table

HEADS: Final[dict[str, Promise]] = {
    "country": gettext_lazy("Country"),
    "region": gettext_lazy("Region"),
    "grade": pgettext_lazy("risky area", "Grade"),
    "note": gettext_lazy("Note"),
}
LONGEST: Final = {"region": 200, "note": 500}
MOST_ROWS: Final = 2_000
SHOWN_FAULTS: Final = 200


@dataclass(frozen=True)
class AreaRow:
    """One clean row: a country by its code, a region of it or all of it, how bad, why."""

    country: str
    region: str = ""
    grade: str = AreaGrade.HIGH.value
    note: str = ""


def read_areas(content: bytes) -> list[AreaRow]:
    """Return the rows of a list: XLSX, CSV, or what was pasted from a sheet, with or without heads.

    Raises DomainError for what is no table, and with every wrong cell as its detail: nothing is taken of such a list.
    """
    table = read_table(io.BytesIO(content))
    columns, rows = find_columns(table)
    if not rows:
        raise DomainError(_("The list has no rows. Each row is a country, or a region of one."), code="no_rows")
    if len(rows) > MOST_ROWS:
        message = _("The list has more than %(limit)d rows. Keep the areas that your company follows.")
        raise DomainError(message % {"limit": MOST_ROWS}, code="too_many")
    reading = Reading(table, columns, base_areas())
    areas = [reading.read(row) for row in rows]
    if reading.faults:
        raise refuse_cells(reading.faults)
    return areas


def find_columns(table: Table) -> tuple[dict[str, int], list[Row]]:
    """Return {field: column} and the rows; without heads the columns are those of HEADS in their order."""
    columns = find_heads(table, HEADS)
    if "country" in columns:
        return columns, table.rows
    first = Row(table.header_row, list(table.headers))
    return {name: place for place, name in enumerate(HEADS)}, [first, *table.rows]


class Reading:
    """The rows of one table, checked one by one; wrong cells are collected."""

    def __init__(self, table: Table, columns: dict[str, int], areas: Areas) -> None:
        self.table = table
        self.columns = columns
        self.areas = areas
        self.seen: dict[tuple[str, str], int] = {}
        self.faults: list[dict[str, str]] = []
        self.grades = {
            word.casefold(): grade.value
            for grade in AreaGrade
            for word in (*in_every_language(grade.label), grade.value)
        }

    def read(self, row: Row) -> AreaRow:
        """Return one row; what is wrong with it is noted."""
        country, region, grade, note = (self.cell(row, name) for name in HEADS)
        code = country_code(country, self.areas, any_code=True)
        if not country:
            self.note(row, "country", "", _("Write the country."))
        elif not code:
            self.note(
                row, "country", country, _("This is not one country that is known here. Write its name or its code.")
            )
        for name, text in (("region", region), ("note", note)):
            if len(text) > LONGEST[name]:
                limit = {"limit": LONGEST[name]}
                self.note(row, name, text[:80], _("Write at most %(limit)d characters.") % limit)
        if grade and grade.casefold() not in self.grades:
            words = ", ".join(str(one.label) for one in AreaGrade)
            self.note(row, "grade", grade, _("Write one of these: %(words)s.") % {"words": words})
        self.check_once(row, code, region)
        return AreaRow(code, region, self.grades.get(grade.casefold(), AreaGrade.HIGH.value), note)

    def cell(self, row: Row, name: str) -> str:
        """Return the text of a cell; columns and ends of rows may be missing."""
        place = self.columns.get(name)
        return as_text(row.cells[place]).strip() if place is not None and place < len(row.cells) else ""

    def check_once(self, row: Row, code: str, region: str) -> None:
        """Note an area that stands twice."""
        key = (code, region.casefold())
        if code and key in self.seen:
            words = _("This area stands in row %(row)d already. Take one of the two out.")
            self.note(row, "country", self.cell(row, "country"), words % {"row": self.seen[key]})
        self.seen.setdefault(key, row.number)

    def note(self, row: Row, name: str, value: str, message: str) -> None:
        """Keep a wrong cell."""
        place = self.columns.get(name, 0)
        cell = f"{column_letters(self.table.first_column + place)}{row.number}"
        self.faults.append({"place": cell, "value": value, "message": message})


def refuse_cells(faults: list[dict[str, str]]) -> DomainError:
    """Return the refusal of a list with wrong cells; nothing was saved."""
    message = ngettext(
        "%(count)d cell is wrong. Nothing was saved. Correct it and show the list again.",
        "%(count)d cells are wrong. Nothing was saved. Correct them and show the list again.",
        len(faults),
    )
    return DomainError(message % {"count": len(faults)}, code="cells", detail=faults[:SHOWN_FAULTS])
