"""Questionnaires as workbooks: reading one that was sent, writing one to work on."""

from collections.abc import Callable, Collection, Mapping, Sequence
from io import BytesIO
from typing import Final

from django.utils.translation import gettext as _
from msgspec import Struct

from assessments.codes.document import known_codes, read_code
from assessments.questionnaires.core import Code, ContentCode, Problem, SheetCode, make_problem
from assessments.questionnaires.document import Document, DocumentErrors, parse_document, parse_extension
from assessments.questionnaires.enums import AskedOf, Aspect, Kind, Period, Severity, Unit, VersionState
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.queries import document_of, versions_for
from assessments.questionnaires.reports import list_problems
from assessments.questionnaires.workbook import COLUMNS, Sheeted, name_cells, scan_sheets, sheets_of, sort_by_cell
from assessments.questionnaires.workbook.guide import HEAD, OPENING, guide_rows
from portal.lib.errors import DomainError
from portal.lib.workbook import Sheet, Table, read_tables, write_workbook
from suppliers.organisations.models import Organisation

LONGEST_CELL: Final = 32_767
GUIDE_TITLE: Final = "Read me"
GUIDE_WIDTHS: Final = (12, 34, 110, 66)
FROZEN: Final = {"survey": 2, "choices": 2, "flags": 1}
WIDTHS: Final = {"type": 26, "name": 24, "list_name": 24, "code": 26, "fires": 40, "quiet": 40, "score": 30}
TEXT_WIDTH: Final = 48
CONDITION_WIDTH: Final = 36
_WHOLE_COLUMNS: Final = frozenset({SheetCode.NO_SHEET, SheetCode.NO_HEAD, SheetCode.NO_COLUMN, SheetCode.HEADLESS_CELL})
_NAMED_BY: Final[Mapping[Code, Code]] = {
    ContentCode.DUPLICATE_SECTION: SheetCode.DOUBLE_NAME,
    ContentCode.DUPLICATE_QUESTION: SheetCode.DOUBLE_NAME,
    ContentCode.DUPLICATE_CHOICE: SheetCode.DOUBLE_CHOICE,
    ContentCode.DUPLICATE_ROW: SheetCode.DOUBLE_CHOICE,
    ContentCode.DUPLICATE_COLUMN: SheetCode.DOUBLE_CHOICE,
    ContentCode.DUPLICATE_FLAG: SheetCode.DOUBLE_FLAG,
}
"""What the sheets say of a code that stands twice, so that the document need not say it again."""

CONDITIONS: Final = frozenset({"relevant", "constraint", "warn_if", "when"})
TYPES: Final = (
    "begin_group",
    "end_group",
    "select_one LIST",
    "select_multiple LIST",
    "select_one yes_no",
    "integer",
    "decimal",
    "date",
    "text",
    "file",
)


class Read(Struct, frozen=True):
    """A questionnaire read from a workbook, the version it extends, and the cell of each place of its source."""

    document: Document
    base: QuestionnaireVersion | None
    cells: Mapping[str, str] = {}


FindBase = Callable[[str, str | None], Document | None]
"""Finds what a workbook extends: by code, and by version or the newest."""


def read_questionnaire(content: bytes, *, owner: Organisation | None) -> Read:
    """Read a workbook; `owner` says whose questionnaires it may extend beside the standard ones.

    Raises DomainError for a file that is no workbook, and with the code "document" and a detail of
    [{place, code, message}], each place a cell such as survey!G12, for what is wrong in it.
    """
    found: list[QuestionnaireVersion] = []

    def find_base(code: str, version: str | None) -> Document | None:
        base = _find_base(code, version, owner)
        if base is None:
            return None
        found.append(base)
        return document_of(base)

    try:
        document, cells = read_workbook(content, find_base)
    except DocumentErrors as errors:
        message = _("The workbook has errors. Correct the cells named here and upload it again.")
        raise DomainError(message, code="document", detail=list_problems(errors.problems)) from errors
    return Read(document, found[0] if found else None, cells)


def read_workbook(content: bytes, find_base: FindBase) -> tuple[Document, Mapping[str, str]]:
    """Read a workbook as `read_questionnaire` does, wherever its base comes from; give its cells, too.

    Raises DomainError for a file that is no workbook, and DocumentErrors with every problem at its cell.
    """
    sheets = {table.sheet: table_rows(table) for table in read_tables(BytesIO(content))}
    sheeted, problems = scan_sheets(sheets)
    base = find_base(sheeted.extends, sheeted.extends_version) if sheeted.extends is not None else None
    if sheeted.extends is not None and base is None:
        problems.append(_no_base(sheeted))
    else:
        if base is not None:
            days = frozenset(question.code for question in base.questions if question.kind is Kind.DATE)
            sheeted, problems = scan_sheets(sheets, days)
        document, further = _read_document(sheeted, base)
        problems += _not_named_yet(name_cells(further, sheeted.cells), problems)
        if document is not None and not problems:
            return document, sheeted.cells
    raise DocumentErrors(sort_by_cell(problems))


def _find_base(code: str, version: str | None, owner: Organisation | None) -> QuestionnaireVersion | None:
    """Find what a workbook extends: the version it names, else the newest published one."""
    standard = QuestionnaireVersion.objects.filter(questionnaire__owner=None).order_by("-published_at", "-pk")
    seen = standard if owner is None else versions_for(owner)
    found = seen.filter(questionnaire__code=code).exclude(state=VersionState.DRAFT)
    if version is not None:
        return found.filter(version=version).first()
    return found.filter(state=VersionState.PUBLISHED).first()


def _no_base(sheeted: Sheeted) -> Problem:
    wanted = f"{sheeted.extends} {sheeted.extends_version or ''}".strip()
    return make_problem(sheeted.cells.get("extends", "settings"), SheetCode.NO_BASE, base=wanted)


def _read_document(sheeted: Sheeted, base: Document | None) -> tuple[Document | None, Sequence[Problem]]:
    """Read the source as a document, or give what is wrong with it at its places."""
    named = base.code_of_conduct if base is not None else sheeted.source.get("code_of_conduct")
    provisions, problems = _find_provisions(named)
    try:
        if base is None:
            return parse_document(sheeted.source, provisions), problems
        return parse_extension(base, sheeted.source, provisions), problems
    except DocumentErrors as errors:
        return None, [*problems, *errors.problems]


def _find_provisions(code_of_conduct: object) -> tuple[Collection[str] | None, list[Problem]]:
    if not isinstance(code_of_conduct, str):
        return None, []
    if code_of_conduct in known_codes():
        return read_code(code_of_conduct).provision_codes, []
    return None, [unknown_code_of_conduct(code_of_conduct)]


def unknown_code_of_conduct(name: str) -> Problem:
    """Return the problem of a questionnaire on a code of conduct that is not known here."""
    code = ContentCode.UNKNOWN_CODE_OF_CONDUCT
    return make_problem("code_of_conduct", code, code=name, known=known_codes())


def _not_named_yet(further: Sequence[Problem], problems: Sequence[Problem]) -> list[Problem]:
    """Leave out what only follows from a problem named already: in the same cell, of a code that stands twice, or
    all over the sheet, because a whole column is missing.
    """
    cells = {problem.place for problem in problems}
    codes = {problem.code for problem in problems}
    if not codes.isdisjoint(_WHOLE_COLUMNS):
        return []
    left = [one for one in further if _NAMED_BY.get(one.code) not in codes]
    return [one for one in left if one.place not in cells and (not cells or "!" in one.place)]


def table_rows(table: Table) -> list[list[object]]:
    """Give a sheet as rows from row 1 and column A, so that every cell keeps its name."""
    left: list[object] = [None] * (table.first_column - 1)
    numbered: Mapping[int, Sequence[object]] = {row.number: row.cells for row in table.rows}
    numbered = {**numbered, table.header_row: table.headers} if table.headers else numbered
    empty: list[object] = []
    return [
        [*left, *numbered[number]] if number in numbered else empty for number in range(1, max(numbered, default=0) + 1)
    ]


def write_questionnaire(version: QuestionnaireVersion) -> bytes:
    """Write a version as a workbook: all of it, or only what it adds where it extends another."""
    return write_document(document_of(version), base=document_of(version.base) if version.base else None)


def write_document(document: Document, *, base: Document | None = None, more: Sequence[Sheet] = ()) -> bytes:
    """Write a document as a workbook with a first sheet that explains it, and `more` sheets to look things up in.

    Raises DomainError for a text too long.
    """
    sheets = sheets_of(document, base=base)
    for name, rows in sheets.items():
        _refuse_long(name, rows)
    opening = Sheet(GUIDE_TITLE, HEAD, guide_rows(), widths=GUIDE_WIDTHS, notes=[*OPENING, ""], wrap=True)
    return write_workbook([opening, *(_lay_out(name, rows, document) for name, rows in sheets.items()), *more])


def _refuse_long(name: str, rows: Sequence[Sequence[object]]) -> None:
    """A cell holds so many characters; cutting a text would change the questionnaire unseen."""
    if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for row in rows for cell in row):
        message = _("A text on the sheet “%(sheet)s” is longer than a cell of a workbook can hold.")
        raise DomainError(message % {"sheet": name}, code="too_long")


def _lay_out(name: str, rows: Sequence[Sequence[object]], document: Document) -> Sheet:
    heads = [str(head) for head in rows[0]]
    fields = [head.partition("::")[0] for head in heads]
    offers = _offers(name, document)
    return Sheet(
        title=name,
        headers=heads,
        rows=rows[1:],
        widths=[_width(name, field) for field in fields],
        suggestions={index: offers[field] for index, field in enumerate(fields) if field in offers},
        wrap=True,
        frozen_columns=FROZEN.get(name, 0),
    )


def _width(sheet: str, field: str) -> float:
    by_language = any(column.name == field and column.by_language for column in COLUMNS[sheet])
    if by_language:
        return TEXT_WIDTH
    return CONDITION_WIDTH if field in CONDITIONS else WIDTHS.get(field, 14)


def _offers(sheet: str, document: Document) -> dict[str, Sequence[str]]:
    """The words that a column may hold, for its drop-down list."""
    provisions, _problems = _find_provisions(document.code_of_conduct)
    truths = ("yes", "no")
    offers: dict[str, dict[str, Sequence[str]]] = {
        "survey": {
            "type": TYPES,
            "required": truths,
            "appearance": ("percentage", "headcount"),
            "provision": list(provisions or ()),
            "asks": [aspect.value for aspect in Aspect],
            "unit": [unit.value for unit in Unit],
            "period": [period.value for period in Period],
            "evidence_required": truths,
        },
        "choices": {"exclusive": truths},
        "flags": {"provision": list(provisions or ()), "severity": [severity.value for severity in Severity]},
        "settings": {"asked_of": [asked.value for asked in AskedOf]},
    }
    return offers[sheet]
