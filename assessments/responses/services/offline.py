"""Answering offline: the workbook to fill in, reading it back, what it would change, applying it."""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from assessments.questionnaires.document import Document
from assessments.questionnaires.enums import Kind
from assessments.questionnaires.queries import document_of
from assessments.responses.models import Answer, AnswerRevision, Response
from assessments.responses.services.answers import Given, Outcome, closed_error, save_answers
from assessments.responses.services.sentences import say_problem
from assessments.responses.workbook import (
    CellProblem,
    Change,
    Column,
    Difference,
    Entry,
    InRow,
    ReadBack,
    RowCode,
    Words,
    build_rows,
    compare,
    read_rows,
    stamp_of,
)
from portal.accounts.models import User
from portal.files.enums import FileKind
from portal.files.models import StoredFile
from portal.files.services import store_generated
from portal.lib.errors import DomainError
from portal.lib.workbook import (
    Percent,
    Sheet,
    Table,
    as_date,
    as_text,
    column_letters,
    find_heads,
    in_every_language,
    read_tables,
    write_workbook,
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT = timedelta(days=1)
KEY_HEAD = "sanpo"
YES, NO = gettext_lazy("Yes"), gettext_lazy("No")
HEADS: dict[str, Promise] = {
    "section": gettext_lazy("Section"),
    "code": gettext_lazy("Code"),
    "question": gettext_lazy("Question"),
    "answer": gettext_lazy("Answer"),
    "reason": gettext_lazy("Does not apply: reason"),
    "comment": gettext_lazy("Comment"),
    "hint": gettext_lazy("What can be entered"),
}
WIDTHS = (22, 20, 60, 34, 28, 28, 24, 4)
ROW_SENTENCES: dict[RowCode, Promise] = {
    RowCode.NO_KEY: gettext_lazy("This row has lost its hidden key. Download the workbook again and copy the answer."),
    RowCode.UNKNOWN_QUESTION: gettext_lazy("This question is not in the questionnaire. Delete the row."),
    RowCode.TWICE: gettext_lazy("This row stands twice. Delete one of them."),
    RowCode.ROWS_MISSING: gettext_lazy("Some rows of this question are missing. Download the workbook again."),
    RowCode.NOT_YES_OR_NO: gettext_lazy("Enter yes, or leave the cell empty."),
}


# 1. Out -------------------------------------------------------------------------------------------
def write_response(response: Response) -> bytes:
    """Return the questionnaire with the answers so far as an XLSX in the reader's language."""
    document = document_of(response.version)
    language = get_language() or document.default_language
    rows = list(
        build_rows(
            document,
            online_entries(response),
            stamp=stamp(response),
            language=language,
            words=words_now(),
        )
    )
    cells = [(r.section, r.code, r.question, r.answer, r.reason, r.comment, r.hint, r.key) for r in rows]
    answers = Sheet(
        _("Answers"),
        [*(str(head) for head in HEADS.values()), KEY_HEAD],
        cells,
        widths=WIDTHS,
        cell_choices={(index, 3): row.choices for index, row in enumerate(rows) if row.choices},
        hidden_columns=[len(HEADS)],
        wrap=True,
    )
    return write_workbook([answers, how_to_sheet(response)])


def how_to_sheet(response: Response) -> Sheet:
    """Return the sheet that says how to fill in the other."""
    lines = [
        _("Fill in the column “Answer”. Lists offer the choices of a question."),
        _("A question that does not apply: write the reason in its own column."),
        _("A question with several rows is one table; leave a cell empty where nothing is known."),
        _("Save as .xlsx and upload it on the page of the questionnaire. You see every change before it counts."),
        _("Files cannot be attached here; attach them on the page."),
        _("Answers taken over from an earlier round still have to be confirmed on the page."),
    ]
    about = f"{response.title} – {response.site.name} – {response.relationship.buyer.name}"
    return Sheet(_("How to fill in"), [about], [(line,) for line in lines], widths=(110,), wrap=True)


def stamp(response: Response) -> str:
    """Return what names this response and version of the questionnaire in every row."""
    return f"{response.pk}.{response.version.sha256[:16]}"


def words_now() -> Words:
    """Return the words of the reader's language first, those of the others understood."""
    return Words(in_every_language(YES), in_every_language(NO), _("Attach files on the page"))


def online_entries(response: Response) -> dict[str, Entry]:
    """Return what stands online."""
    return {row.code: entry_of(row) for row in Answer.objects.filter(response=response)}


def entry_of(row: Answer | AnswerRevision) -> Entry:
    """Return an answer or one of its earlier states as the workbook sees it."""
    reason = row.reason if row.not_applicable else ""
    return Entry(row.value, row.not_applicable, reason, row.comment, row.version)


# 2. In --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class BadCell:
    """A cell to mend: its place as Excel names it, and how."""

    place: str
    code: str
    value: str
    message: str


@dataclass(frozen=True)
class Upload:
    """What a workbook says: the differences, or the cells to mend."""

    differences: tuple[Difference, ...] = ()
    bad_cells: tuple[BadCell, ...] = ()

    def of(self, change: Change) -> list[Difference]:
        """Return the differences of one kind."""
        return [one for one in self.differences if one.change is change]


def store_workbook(*, response: Response, file: IO[bytes], name: str, actor: User) -> StoredFile:
    """Check that an upload is this response's workbook and keep it for a day; saves no answer.

    Raises DomainError with a sentence for anything else.
    """
    if not response.is_editable:
        raise closed_error(response)
    find_sheet(response, read_tables(file))
    file.seek(0)
    return store_generated(
        name,
        file.read(),
        kind=FileKind.UPLOAD,
        content_type=XLSX,
        organisation_id=response.site.organisation_id,
        actor=actor,
        days=KEPT.days,
    )


def read_upload(response: Response, stored: StoredFile) -> Upload:
    """Return what a kept workbook would change now."""
    with stored.content.open("rb") as file:
        table = find_sheet(response, read_tables(io.BytesIO(file.read())))
    document = document_of(response.version)
    columns = find_columns(table)
    read = read_rows(document, in_rows(document, table, columns), stamp=stamp(response), words=words_now())
    if read.problems:
        return Upload(bad_cells=tuple(bad_cell(document, table, columns, problem) for problem in read.problems))
    return Upload(tuple(compare(read.entries, online_entries(response), base_entries(response, read))))


def find_sheet(response: Response, tables: list[Table]) -> Table:
    """Return the sheet with the answers; refuse a workbook of another response or an older questionnaire."""
    for table in tables:
        if KEY_HEAD not in table.headers:
            continue
        place = table.headers.index(KEY_HEAD)
        stamps = {stamp_of(as_text(row.cells[place])) for row in table.rows} - {""}
        if stamp(response) in stamps:
            find_columns(table)
            return table
        if stamps:
            message = _(
                "This workbook belongs to another questionnaire or site. Open the page it was downloaded from, "
                "or download the workbook of this one."
            )
            raise DomainError(message, code="other_response")
    message = _(
        "This is not a workbook of this questionnaire, or its hidden column is gone. "
        "Download the workbook here, fill it in and upload it."
    )
    raise DomainError(message, code="not_ours")


def find_columns(table: Table) -> dict[str, int]:
    """Return where the columns stand, whatever language they were written in."""
    found = {"key": table.headers.index(KEY_HEAD), **find_heads(table, HEADS)}
    for name in ("answer", "reason", "comment"):
        if name not in found:
            message = _("The column “%(column)s” is missing. Download the workbook again and copy your answers.")
            raise DomainError(message % {"column": HEADS[name]}, code="column")
    return found


def in_rows(document: Document, table: Table, columns: Mapping[str, int]) -> Iterator[InRow]:
    """Yield the rows that hold anything, each cell in the shape its question reads."""
    for row in table.rows:
        key = as_text(row.cells[columns["key"]])
        answer = row.cells[columns["answer"]]
        reason, comment = as_text(row.cells[columns["reason"]]), as_text(row.cells[columns["comment"]])
        if not key and answer is None and not reason and not comment:
            continue
        yield InRow(row.number, key, tidy_answer(document, key, answer), reason, comment)


def tidy_answer(document: Document, key: str, answer: Any) -> Any:
    """Return a cell as its question reads it: days typed as text, percentages as Excel shows them."""
    code = key.split("|")[1] if key.count("|") > 1 else ""
    kind = document.question(code).kind if code in document.positions else None
    if kind is Kind.DATE:
        return as_date(answer) or answer
    if kind is Kind.TEXT and answer is not None:
        return as_text(answer)
    return float(answer) if isinstance(answer, Percent) else answer


def base_entries(response: Response, read: ReadBack) -> dict[tuple[str, int], Entry]:
    """Return what each question held when the workbook was downloaded, where it has changed since."""
    versions = {entry.version for entry in read.entries.values()}
    rows = AnswerRevision.objects.filter(response=response, code__in=list(read.entries), version__in=versions)
    return {(row.code, row.version): entry_of(row) for row in rows}


def bad_cell(document: Document, table: Table, columns: Mapping[str, int], problem: CellProblem) -> BadCell:
    """Return a problem with its place and its sentence."""
    column = {Column.ANSWER: "answer", Column.REASON: "reason", Column.COMMENT: "comment"}[problem.column]
    place = f"{column_letters(table.first_column + columns[column])}{problem.row}"
    if problem.problem is not None:
        message = say_problem(document, document.question(problem.code), problem.problem)
    else:
        message = str(ROW_SENTENCES[problem.why or RowCode.NO_KEY])
    return BadCell(place, problem.code, as_text(problem.value)[:80], message)


# 3. Apply -----------------------------------------------------------------------------------------
@transaction.atomic
def apply_workbook(
    *, response: Response, differences: Iterable[Difference], take: Iterable[str], actor: User
) -> list[Outcome]:
    """Save what a workbook changes; of the conflicts only those in `take`.

    All or nothing: raises DomainError when an answer was changed while the page stood open.
    """
    taken = set(take)
    given = [
        Given(
            code=one.code,
            value=one.mine.value,
            not_applicable=one.mine.not_applicable,
            reason=one.mine.reason,
            comment=one.mine.comment,
            base_version=one.online.version,
        )
        for one in differences
        if one.change in (Change.NEW, Change.CHANGED) or (one.change is Change.CONFLICT and one.code in taken)
    ]
    outcomes, _standing, _now = save_answers(response=response, given=given, actor=actor)
    failed = [outcome for outcome in outcomes if outcome.error]
    if failed:
        codes = ", ".join(outcome.code for outcome in failed[:5])
        message = _("Nothing was saved, because these answers changed a moment ago: %(codes)s. Look again.")
        raise DomainError(message % {"codes": codes}, code="changed")
    return outcomes
