"""Facts for the print view and the lists that leave as workbooks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from assessments.questionnaires.document import Document, Question, Text
from assessments.questionnaires.enums import Kind
from assessments.questionnaires.queries import document_of
from assessments.questionnaires.reports import period_label, shown_value, unit_label
from assessments.responses.enums import ResponseState
from assessments.responses.models import Response
from assessments.responses.queries import answers_with_people, evidence_by_code, measure_marks, read_marks
from portal.jobs.models import Job
from portal.jobs.services import follow
from portal.lib.workbook import Sheet


@dataclass(frozen=True)
class PrintLine:
    """One question on paper: its answer, or what could be answered."""

    number: int
    code: str
    text: str
    guidance: str
    answer: str
    cells: tuple[tuple[tuple[str, str], tuple[int | None, ...]], ...]
    columns: tuple[tuple[str, str], ...]
    choices: tuple[tuple[str, bool, str], ...]
    unit: str
    period: str
    na_reason: str | None
    comment: str
    files: tuple[str, ...]
    shown: bool
    unconfirmed: bool
    required: bool
    second: str = ""
    second_guidance: str = ""


@dataclass(frozen=True)
class PrintSection:
    """A section on paper."""

    code: str
    title: str
    intro: str
    lines: tuple[PrintLine, ...]
    second_title: str = ""


def said_in(document: Document, text: Text, language: str) -> str:
    """Return a text in one language and no other: "" where it is not translated, or without a language."""
    words, stands_in = document.pick(text, language) if language else ("", True)
    return "" if stands_in else words


def said_twice(document: Document, text: Text, language: str, second: str) -> tuple[str, str]:
    """Return a text in the reader's language and in the second one."""
    return document.pick(text, language)[0], said_in(document, text, second)


def yes_no_in(language: str) -> dict[str, str]:
    """Return the two words of the interface that are answers."""
    with translation.override(language):
        return {"yes": _("Yes"), "no": _("No")}


def print_sections(response: Response, second: str = "") -> Iterator[PrintSection]:
    """Yield every section with all its questions, answered or not, in the reader's language and a second one."""
    document = document_of(response.version)
    language = translation.get_language() or document.default_language
    answers, files = answers_with_people(response), evidence_by_code(response)
    shown = measure_marks(document, read_marks(response.pk)).shown
    for section in document.sections:
        lines = tuple(
            print_line(document, question, answers.get(question.code), language=language, shown=shown, second=second)
            for question in section.questions
        )
        named = tuple(with_files(line, [row.file.name for row in files.get(line.code, [])]) for line in lines)
        yield PrintSection(
            code=section.code,
            title=document.pick(section.title, language)[0],
            intro=document.pick(section.intro, language)[0],
            lines=named,
            second_title=said_in(document, section.title, second),
        )


def print_line(
    document: Document, question: Question, answer: Any, *, language: str, shown: frozenset[str], second: str
) -> PrintLine:
    """Return one question on paper."""
    value = answer.value if answer else None
    cells, columns = value if isinstance(value, dict) else {}, question.columns
    return PrintLine(
        number=document.positions[question.code] + 1,
        code=question.code,
        text=document.pick(question.text, language)[0],
        guidance=document.pick(question.guidance, language)[0],
        answer=shown_value(document, question, value),
        cells=tuple(
            (
                said_twice(document, row.text, language, second),
                tuple(cells.get(f"{row.code}.{one.code}") for one in columns),
            )
            for row in question.rows
        ),
        columns=tuple(said_twice(document, column.text, language, second) for column in columns),
        choices=print_choices(document, question, value, language, second),
        unit=unit_label(question),
        period=period_label(question),
        na_reason=answer.reason if answer and answer.not_applicable else None,
        comment=answer.comment if answer else "",
        files=(),
        shown=question.code in shown,
        unconfirmed=bool(answer) and not answer.confirmed,
        required=question.required,
        second=said_in(document, question.text, second),
        second_guidance=said_in(document, question.guidance, second),
    )


def print_choices(
    document: Document, question: Question, value: Any, language: str, second: str
) -> tuple[tuple[str, bool, str], ...]:
    """Return the choices with whether each is chosen, and its words in the second language."""
    if question.kind is Kind.YES_NO:
        others = yes_no_in(second) if second else {"yes": "", "no": ""}
        return ((_("Yes"), value == "yes", others["yes"]), (_("No"), value == "no", others["no"]))
    chosen = value if isinstance(value, list) else [value]
    return tuple(
        (document.pick(one.text, language)[0], one.code in chosen, said_in(document, one.text, second))
        for one in question.choices
    )


def with_files(line: PrintLine, names: list[str]) -> PrintLine:
    """Return the line with the names of its files."""
    return PrintLine(**{**line.__dict__, "files": tuple(names)})


LIST_COLUMNS = (
    "title",
    "period",
    "relationship__vendor_code",
    "site__organisation__name",
    "site__name",
    "site__country",
    "relationship__business_unit",
    "relationship__region",
    "relationship__category",
    "relationship__tier",
    "state",
    "due_on",
    "answered",
    "asked",
    "submitted_at",
    "score",
    "band",
    "priority_flags",
    "major_flags",
    "minor_flags",
)


def list_headers() -> list[str]:
    """Return the heads of an exported list of responses."""
    return [
        _("Questionnaire"),
        _("Period"),
        _("Vendor code"),
        _("Supplier"),
        _("Site"),
        _("Country"),
        _("Business unit"),
        _("Region"),
        _("Category"),
        _("Tier"),
        _("State"),
        _("Due date"),
        _("Answered"),
        _("Asked"),
        _("Submitted"),
        _("Score"),
        _("Band"),
        _("Priority flags"),
        _("Major flags"),
        _("Minor flags"),
    ]


def list_sheet(job: Job, rows: QuerySet[Response], total: int) -> Sheet:
    """Return the sheet of an exported list; the job shows how far it is."""
    labels = dict(ResponseState.choices)
    place = LIST_COLUMNS.index("state")

    def lines() -> Iterator[list[Any]]:
        for values in follow(job, rows.values_list(*LIST_COLUMNS).iterator(chunk_size=2000), total=total):
            yield [str(labels.get(cell, cell)) if index == place else cell for index, cell in enumerate(values)]

    return Sheet(_("Responses"), list_headers(), lines(), widths=[28, 8, 12, 28, 28, 8, 16, 14, 14, 6, 14, 12])
