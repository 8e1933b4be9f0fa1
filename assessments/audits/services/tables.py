"""Which sheet and line an uploaded table starts at, and how its columns are read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Final

from django.utils.translation import gettext as _

from assessments.audits.models import Audit, ColumnMapping
from assessments.audits.queries import programme_of
from assessments.audits.queries.uploads import mappings_of
from assessments.audits.reports.template import words_of
from assessments.audits.workbook.columns import (
    KEY,
    Layout,
    Line,
    fingerprint,
    fold,
    name_headers,
    own_columns,
    read_key,
)
from assessments.audits.workbook.guessing import FIRST_LINES, find_words
from assessments.audits.workbook.points import Points
from assessments.audits.workbook.reading import Reading, read_lines
from portal.lib.errors import DomainError
from portal.lib.workbook import Table, as_text, read_tables

MOST_ROWS: Final = 2_000
LONGEST_SHEET: Final = 120  # what an upload keeps of the name of a sheet; Excel itself allows 31


@dataclass(frozen=True)
class Choice:
    """Where a table starts and how it is read. `words` are the sheet's own, as written; `foreign`: matched by hand."""

    sheet: str
    header_row: int
    columns: Mapping[str, str]
    words: Mapping[str, str] = field(default_factory=dict)
    foreign: bool = False


def open_tables(file: IO[bytes]) -> list[Table]:
    """Return the sheets that hold anything; raises DomainError for what is no table, or has too many rows."""
    tables = [table for table in read_tables(file) if table.headers]
    if not tables:
        raise no_rows()
    if min(len(table.rows) for table in tables) > MOST_ROWS:
        raise too_many_rows(len(tables[0].rows))
    return tables


def sheet_lines(table: Table) -> Iterator[Line]:
    """Yield every line of a sheet as text, the first that holds anything included."""
    yield Line(table.header_row, table.headers)
    for row in table.rows:
        yield Line(row.number, [as_text(cell) for cell in row.cells])


def first_lines(table: Table) -> list[Line]:
    """Return the lines among which the headers are."""
    return list(islice(sheet_lines(table), FIRST_LINES))


def find_choice(audit: Audit, tables: Sequence[Table]) -> Choice | None:
    """Return how the tables are read: as the firm matched the same headers before, else as ours; None asks a person."""
    return find_known(audit, tables) or find_own(audit, tables)


def find_own(audit: Audit, tables: Sequence[Table]) -> Choice | None:
    """Return the sheet whose headers are all ours."""
    words = words_of(programme_of(audit.programme))
    for table in tables:
        for line in first_lines(table):
            columns = own_columns(line.cells, words)
            if columns is not None:
                named = {column: line.cells[index] for column, index in columns.items()}
                return Choice(table.sheet, line.number, named)
    return None


def find_known(audit: Audit, tables: Sequence[Table]) -> Choice | None:
    """Return how the firm matched the same headers before, when that covers every word of this sheet."""
    places: dict[str, tuple[Table, Line]] = {}
    for table in tables:
        for line in first_lines(table):
            places.setdefault(fingerprint(line.cells), (table, line))
    for print_, mapping in mappings_of(audit.firm_id or 0, places).items():
        table, line = places[print_]
        choice = choice_of(mapping, table, line.number)
        if not unknown_words(audit, table, choice):
            return choice
    return None


def choice_of(mapping: ColumnMapping, table: Table, header_row: int) -> Choice:
    """Return a remembered layout as the choice for a sheet."""
    return Choice(table.sheet, header_row, mapping.columns, mapping.words, foreign=True)


def unknown_words(audit: Audit, table: Table, choice: Choice) -> list[str]:
    """Return the sheet's words for conclusions that the choice does not explain."""
    words = words_of(programme_of(audit.programme))
    known = {fold(word) for word in choice.words} | words.conclusions.keys()
    return [word for word in words_in(table, choice) if fold(word) not in known]


def words_in(table: Table, choice: Choice) -> list[str]:
    """Return the distinct words in the chosen column of conclusions."""
    header, lines = split_lines(table, choice.header_row)
    index = places_of(header, choice.columns).get("conclusion")
    return find_words(lines, index) if index is not None else []


def split_lines(table: Table, header_row: int) -> tuple[Line, list[Line]]:
    """Return the line of headers and those below it; raises DomainError when there is no such line."""
    lines = list(sheet_lines(table))
    for place, line in enumerate(lines):
        if line.number == header_row:
            return line, lines[place + 1 :]
    message = _("The sheet “%(sheet)s” has nothing in row %(row)s. Choose the row that holds the headers.")
    raise DomainError(message % {"sheet": table.sheet, "row": header_row}, code="header_row")


def places_of(header: Line, columns: Mapping[str, str]) -> dict[str, int]:
    """Return the place of each chosen header."""
    places = {fold(name): index for index, name in reversed(list(enumerate(name_headers(header.cells)))) if name}
    return {column: places[fold(name)] for column, name in columns.items() if fold(name) in places}


def read_choice(audit: Audit, table: Table, choice: Choice) -> Reading:
    """Read a sheet as chosen; raises DomainError for too many rows, none, or the table of another audit."""
    header, lines = split_lines(table, choice.header_row)
    if len(lines) > MOST_ROWS:
        raise too_many_rows(len(lines))
    places = places_of(header, choice.columns)
    refuse_other_audit(audit, lines, places.get(KEY))
    programme = programme_of(audit.programme)
    layout = Layout(places, {fold(word): means for word, means in choice.words.items()}, choice.foreign)
    reading = read_lines(lines, layout, Points(programme.by_code), words_of(programme))
    if not reading.entries and not reading.problems:
        raise no_rows()
    return reading


def refuse_other_audit(audit: Audit, lines: Sequence[Line], index: int | None) -> None:
    """Refuse the template of another audit: its rows would overwrite this one's."""
    keys = (read_key(line.cells[index]) for line in lines if index is not None and index < len(line.cells))
    if any(key is not None and key[0] != audit.pk for key in keys):
        message = _("This table was downloaded from another audit. Download the template of this one and fill it in.")
        raise DomainError(message, code="other_audit")


def table_of(tables: Sequence[Table], sheet: str) -> Table:
    """Return the sheet of a name, else the first."""
    wanted = sheet[:LONGEST_SHEET]
    return next((table for table in tables if table.sheet[:LONGEST_SHEET] == wanted), tables[0])


def too_many_rows(count: int) -> DomainError:
    """The error for a table that is no audit's."""
    message = _("The table has %(count)s rows; an audit takes %(most)s. Check that this is the right file.")
    return DomainError(message % {"count": f"{count:,}", "most": f"{MOST_ROWS:,}"}, code="too_many_rows")


def no_rows() -> DomainError:
    """The error for a table without content."""
    message = _("The table holds no conclusion. Fill in at least one row below the headers and upload it again.")
    return DomainError(message, code="no_rows")
