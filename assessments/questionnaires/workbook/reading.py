"""From the sheets of a workbook to the source of a document; every place of the source knows its cell."""

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from assessments.questionnaires.core import Problem, SheetCode
from assessments.questionnaires.document import DocumentErrors
from assessments.questionnaires.document.reading import hint
from assessments.questionnaires.workbook.choices import read_choices
from assessments.questionnaires.workbook.grid import Grid, Notes, Rows
from assessments.questionnaires.workbook.layout import CHOICES, COLUMNS, FLAGS, SETTINGS, SURVEY
from assessments.questionnaires.workbook.questions import Around
from assessments.questionnaires.workbook.rules import read_flags
from assessments.questionnaires.workbook.settings import Settings, read_settings
from assessments.questionnaires.workbook.survey import find_dates, read_survey

NEEDED = (SURVEY, SETTINGS)


class Sheeted(Struct, frozen=True):
    """What a workbook says: raw data as `parse_document` takes it, or `parse_extension` if it extends another.

    `cells` gives the cell of a place: sections[0].questions[3].show_if is survey!G12.
    """

    source: dict[str, object]
    extends: str | None
    extends_version: str | None
    cells: Mapping[str, str]


def read_sheets(sheets: Mapping[str, Rows]) -> Sheeted:
    """Read the sheets, each a list of rows from row 1; raise DocumentErrors with every problem at its cell."""
    sheeted, problems = scan_sheets(sheets)
    if problems:
        raise DocumentErrors(sort_by_cell(problems))
    return sheeted


def scan_sheets(sheets: Mapping[str, Rows], dates: frozenset[str] = frozenset()) -> tuple[Sheeted, list[Problem]]:
    """Read what can be read, and give the problems with it: a caller may look for further ones in the rest.

    `dates` are date questions of the document that is extended: > and < order them by day.
    """
    notes = Notes()
    found = _find_sheets(sheets, notes)
    cells: dict[str, str] = {"sections": SURVEY, "flags": FLAGS}
    settings = read_settings(Grid(SETTINGS, found[SETTINGS], notes), cells) if SETTINGS in found else Settings()
    grids = {name: Grid(name, found[name], notes) for name in (SURVEY, CHOICES, FLAGS) if name in found}
    languages = settings.languages or _column_languages(grids, settings.default_language)
    for grid in grids.values():
        grid.settle_languages(settings.default_language, languages)
    lists = read_choices(grids[CHOICES]) if CHOICES in grids else {}
    source = dict(settings.source)
    if not settings.extends:
        source |= {"languages": list(languages), "default_language": settings.default_language}
    if SURVEY in grids:
        dates |= find_dates(grids[SURVEY])
    source["sections"] = read_survey(grids[SURVEY], Around(lists, dates, cells)) if SURVEY in grids else []
    source["flags"] = read_flags(grids[FLAGS], dates, cells) if FLAGS in grids else []
    return Sheeted(source, settings.extends, settings.extends_version, cells), notes.problems


def _find_sheets(sheets: Mapping[str, Rows], notes: Notes) -> dict[str, Rows]:
    """Find our sheets by name, whatever the case; others are left alone."""
    named = {title.strip().lower(): rows for title, rows in sheets.items()}
    for name in NEEDED:
        if name not in named:
            others = [title for title in named if title not in COLUMNS]
            notes.fail(name, SheetCode.NO_SHEET, sheet=name, **(hint(name, others) if others else {}))
    return {name: named[name] for name in COLUMNS if name in named}


def _column_languages(grids: Mapping[str, Grid], default: str) -> tuple[str, ...]:
    """Without a list in the settings the columns say which languages there are, the default one first."""
    found = [language for grid in grids.values() for language in grid.languages]
    return tuple(dict.fromkeys([default, *found]))


_LAST_STEP = re.compile(r"(\.[^.\[\]]*|\[[0-9]+\])\Z")


def name_cells(problems: Sequence[Problem], cells: Mapping[str, str]) -> list[Problem]:
    """Give the problems of a document at their cells; a place no cell holds stays as it is."""
    return [replace(problem, place=find_cell(problem.place, cells)) for problem in problems]


def find_cell(place: str, cells: Mapping[str, str]) -> str:
    """Give the cell of a place, or of what it stands in."""
    step = place
    while step:
        if step in cells:
            return cells[step]
        step, cut = _LAST_STEP.subn("", step)
        if not cut:
            break
    return place


_CELL = re.compile(r"(\w+)!([A-Z]*)([0-9]+)")


def sort_by_cell(problems: Sequence[Problem]) -> list[Problem]:
    """Give problems in the order of the workbook: sheet by sheet, row by row; what is of no cell comes first."""
    return sorted(problems, key=lambda problem: _cell_order(problem.place))


def _cell_order(place: str) -> tuple[int, int, int, str]:
    order = list(COLUMNS)
    match = _CELL.fullmatch(place)
    if match is None or match[1] not in order:
        return (-1, 0, 0, "")
    return (order.index(match[1]), int(match[3]), len(match[2]), match[2])
