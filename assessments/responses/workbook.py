"""The questionnaire as rows of a workbook and back: answers to rows, rows to answers or cell problems. Pure.

Every row carries its own key (response, question, cell, version), so rows may be sorted, filtered or deleted.
A table has one row per cell and a multiple choice one row per choice; everything else is one row.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from assessments.questionnaires.document import Document, Question, Text, ValueProblem, validate_value
from assessments.questionnaires.enums import Kind

SEPARATOR = "|"
KEY_PARTS = 4


@dataclass(frozen=True)
class Words:
    """The words of the interface: the first of each is written, all are understood."""

    yes: tuple[str, ...] = ("Yes",)
    no: tuple[str, ...] = ("No",)
    files: str = "Attach files on the page"
    no_reason: str = "–"


@dataclass(frozen=True)
class Entry:
    """What a person entered for one question."""

    value: Any = None
    not_applicable: bool = False
    reason: str = ""
    comment: str = ""
    version: int = 0


@dataclass(frozen=True)
class OutRow:
    """One row to write; `choices` becomes a drop-down list."""

    key: str
    code: str
    section: str
    question: str
    answer: Any = None
    reason: str = ""
    comment: str = ""
    hint: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class InRow:
    """One row as it was read, with its number in the sheet."""

    number: int
    key: str
    answer: Any = None
    reason: str = ""
    comment: str = ""
    sheet: int = 0


class Column(StrEnum):
    """Where in a row a problem lies."""

    ANSWER = "answer"
    REASON = "reason"
    COMMENT = "comment"


class RowCode(StrEnum):
    """What can be wrong with a row apart from its value."""

    NO_KEY = "no_key"
    UNKNOWN_QUESTION = "unknown_question"
    TWICE = "twice"
    ROWS_MISSING = "rows_missing"
    NOT_YES_OR_NO = "not_yes_or_no"


@dataclass(frozen=True)
class CellProblem:
    """One bad cell: its row and column, the question, and why."""

    row: int
    column: Column
    code: str
    value: Any = None
    why: RowCode | None = None
    problem: ValueProblem | None = None
    sheet: int = 0


@dataclass(frozen=True)
class ReadBack:
    """What a workbook holds: entries by question, with the version each was downloaded at; and what is wrong."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    problems: tuple[CellProblem, ...] = ()


# 1. Answers to rows -------------------------------------------------------------------------------
def build_rows(
    document: Document, entries: Mapping[str, Entry], *, stamp: str, language: str, words: Words
) -> Iterator[OutRow]:
    """Yield the rows of the whole questionnaire in its order."""
    for section in document.sections:
        title = f"{section.code} {document.pick(section.title, language)[0]}"
        for question in section.questions:
            entry = entries.get(question.code, Entry())
            yield from _question_rows(document, question, entry, _Frame(stamp, title, language, words))


@dataclass(frozen=True)
class _Frame:
    stamp: str
    section: str
    language: str
    words: Words


def _question_rows(document: Document, question: Question, entry: Entry, frame: _Frame) -> Iterator[OutRow]:
    asked = document.pick(question.text, frame.language)[0]
    for number, part in enumerate(_parts(question)):
        name = _part_name(document, question, part, frame.language)
        yield OutRow(
            key=SEPARATOR.join((frame.stamp, question.code, part, str(entry.version))),
            code=question.code,
            section=frame.section,
            question=f"{asked} – {name}" if name else asked,
            answer=_shown(document, question, part, entry.value, frame),
            reason=((entry.reason or frame.words.no_reason) if entry.not_applicable else "") if number == 0 else "",
            comment=entry.comment if number == 0 else "",
            hint=_hint(question, frame.words),
            choices=_offered(document, question, frame),
        )


def _parts(question: Question) -> tuple[str, ...]:
    """Return the codes of a question's rows; a plain question has one without a code."""
    if question.kind is Kind.HEADCOUNT:
        return question.cells
    if question.kind is Kind.MULTIPLE:
        return question.choice_codes
    return ("",)


def _part_name(document: Document, question: Question, part: str, language: str) -> str:
    axes: Iterable[Any] = (*question.rows, *question.columns, *question.choices)
    texts: dict[str, Text] = {axis.code: axis.text for axis in axes}
    if question.kind is Kind.MULTIPLE:
        return document.pick(texts[part], language)[0]
    return ", ".join(document.pick(texts[code], language)[0] for code in part.split(".") if code)


def _shown(document: Document, question: Question, part: str, value: Any, frame: _Frame) -> Any:
    if value is None:
        return None
    yes, no = frame.words.yes[0], frame.words.no[0]
    match question.kind:
        case Kind.DOCUMENT:
            shown = None
        case Kind.HEADCOUNT:
            shown = value.get(part)
        case Kind.MULTIPLE:
            shown = yes if part in value else None
        case Kind.YES_NO:
            shown = yes if value == "yes" else no
        case Kind.SINGLE:
            shown = choice_labels(document, question, frame.language).get(value, value)
        case Kind.DATE:
            shown = date.fromisoformat(value)
        case _:
            shown = value
    return shown


def choice_labels(document: Document, question: Question, language: str) -> dict[str, str]:
    """Return the label of every choice; one that stands twice gets its code, so that it can be read back."""
    labels = {choice.code: document.pick(choice.text, language)[0] for choice in question.choices}
    known = Counter(_loose(label) for label in labels.values())
    return {code: label if known[_loose(label)] == 1 else f"{label} ({code})" for code, label in labels.items()}


def _offered(document: Document, question: Question, frame: _Frame) -> tuple[str, ...]:
    if question.kind is Kind.SINGLE:
        return tuple(choice_labels(document, question, frame.language).values())
    if question.kind is Kind.YES_NO:
        return (frame.words.yes[0], frame.words.no[0])
    if question.kind is Kind.MULTIPLE:
        return (frame.words.yes[0],)
    return ()


def _hint(question: Question, words: Words) -> str:
    if question.kind is Kind.DOCUMENT:
        return words.files
    if question.kind is Kind.DATE:
        return "YYYY-MM-DD"
    if question.kind is Kind.PERCENTAGE:
        return "0 – 100"
    if question.kind is Kind.NUMBER and question.min is not None and question.max is not None:
        return f"{question.min:g} – {question.max:g}"
    return ""


# 2. Rows to answers -------------------------------------------------------------------------------
def read_rows(document: Document, rows: Iterable[InRow], *, stamp: str, words: Words) -> ReadBack:
    """Return what the rows hold. Rows of a question that are all deleted leave the question as it is.

    The caller has checked that the stamp belongs to this response; a row with another is a problem.
    """
    problems: list[CellProblem] = []
    grouped: dict[str, dict[str, tuple[InRow, int]]] = {}
    for row in rows:
        found = _read_key(document, row, stamp)
        if isinstance(found, CellProblem):
            problems.append(found)
            continue
        code, part, version = found
        parts = grouped.setdefault(code, {})
        if part in parts:
            problems.append(CellProblem(row.number, Column.ANSWER, code, row.answer, RowCode.TWICE, sheet=row.sheet))
        else:
            parts[part] = (row, version)
    entries: dict[str, Entry] = {}
    for code, parts in grouped.items():
        read = _read_question(document, document.question(code), parts, words)
        problems += read.problems
        entries.update(read.entries)
    order = document.positions
    return ReadBack(
        {code: entries[code] for code in sorted(entries, key=lambda code: order[code])},
        tuple(sorted(problems, key=lambda problem: (problem.sheet, problem.row, problem.column))),
    )


def stamp_of(key: str) -> str:
    """Return the part of a key that names the response; "" for what is no key."""
    parts = key.split(SEPARATOR)
    return parts[0] if len(parts) == KEY_PARTS else ""


def _read_key(document: Document, row: InRow, stamp: str) -> tuple[str, str, int] | CellProblem:
    parts = row.key.split(SEPARATOR)
    if len(parts) != KEY_PARTS or parts[0] != stamp or not (parts[3].isascii() and parts[3].isdigit()):
        return CellProblem(row.number, Column.ANSWER, "", row.answer, RowCode.NO_KEY, sheet=row.sheet)
    _stamp, code, part, version = parts
    if code not in document.positions or part not in _parts(document.question(code)):
        return CellProblem(row.number, Column.ANSWER, code, row.answer, RowCode.UNKNOWN_QUESTION, sheet=row.sheet)
    return code, part, int(version[:9])


def _read_question(
    document: Document, question: Question, parts: Mapping[str, tuple[InRow, int]], words: Words
) -> ReadBack:
    wanted = _parts(question)
    if set(parts) != set(wanted):
        row = next(iter(parts.values()))[0]
        missing = CellProblem(row.number, Column.ANSWER, question.code, None, RowCode.ROWS_MISSING, sheet=row.sheet)
        return ReadBack({}, (missing,))
    rows = {part: parts[part][0] for part in wanted}
    first = rows[wanted[0]]
    version = max(parts[part][1] for part in wanted)
    raw: dict[str, Any] = {}
    problems: list[CellProblem] = []
    for part, row in rows.items():
        try:
            raw[part] = _raw_value(document, question, row.answer, words)
        except _NotYesOrNo:
            problems.append(
                CellProblem(
                    row.number, Column.ANSWER, question.code, row.answer, RowCode.NOT_YES_OR_NO, sheet=row.sheet
                )
            )
    if problems:
        return ReadBack({}, tuple(problems))
    try:
        value = validate_value(question, _whole(question, raw))
    except ValueProblem as problem:
        row = rows.get(str(problem.params.get("cell", "")), first)
        bad = CellProblem(row.number, Column.ANSWER, question.code, row.answer, problem=problem, sheet=row.sheet)
        return ReadBack({}, (bad,))
    reason = _plain(first.reason)
    entry = Entry(
        value=value,
        not_applicable=bool(reason),
        reason="" if reason == _plain(words.no_reason) else first.reason.strip(),
        comment=first.comment.strip(),
        version=version,
    )
    return ReadBack({question.code: entry}, ())


class _NotYesOrNo(Exception):
    """The cell of a choice holds neither yes, no nor nothing."""


def _raw_value(document: Document, question: Question, cell: Any, words: Words) -> Any:
    """Return a cell in the shape `validate_value` reads."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if question.kind is Kind.MULTIPLE:
        chosen = _yes_or_no(cell, words)
        if chosen is None:
            raise _NotYesOrNo
        return chosen
    if question.kind is Kind.YES_NO:
        chosen = _yes_or_no(cell, words)
        return cell if chosen is None else ("yes" if chosen else "no")
    if question.kind is Kind.SINGLE:
        return _choice_code(document, question, str(cell))
    if question.kind is Kind.TEXT:
        return _as_words(cell)
    return None if question.kind is Kind.DOCUMENT else cell


def _as_words(cell: Any) -> str:
    """Return what a spreadsheet made of typed words: a number or a day, as text again."""
    if isinstance(cell, datetime) and (cell.hour, cell.minute, cell.second) == (0, 0, 0):
        return cell.date().isoformat()
    return cell if isinstance(cell, str) else str(cell)


def _yes_or_no(cell: Any, words: Words) -> bool | None:
    if isinstance(cell, bool):
        return cell
    loose = _loose(str(cell))
    if loose in {"yes", "x", "1", "true", "✓", "○", *map(_loose, words.yes)}:
        return True
    return False if loose in {"no", "0", "false", "×", *map(_loose, words.no)} else None


def _choice_code(document: Document, question: Question, cell: str) -> str:
    """Return the code of a label in any language of the document; the text itself when none fits."""
    if _plain(cell) in question.choice_codes:
        return _plain(cell)
    for language in document.languages:
        for code, label in choice_labels(document, question, language).items():
            if _loose(label) == _loose(cell):
                return code
    return cell


def _whole(question: Question, raw: Mapping[str, Any]) -> Any:
    if question.kind is Kind.HEADCOUNT:
        return {cell: number for cell, number in raw.items() if number is not None}
    if question.kind is Kind.MULTIPLE:
        return [code for code, chosen in raw.items() if chosen]
    return raw[""]


def _plain(text: str) -> str:
    """Return a text as spreadsheets hand it over: composed, trimmed, one kind of line end and of blank."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _loose(text: str) -> str:
    """Return a text as people mean it: capitals aside."""
    return _plain(text).casefold()


# 3. What an upload would change -------------------------------------------------------------------
class Change(StrEnum):
    """What the workbook says about a question, against what stands online."""

    UNCHANGED = "unchanged"
    NEW = "new"
    CHANGED = "changed"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Difference:
    """One question of the workbook against what stands."""

    code: str
    change: Change
    mine: Entry
    online: Entry


def compare(
    read: Mapping[str, Entry], online: Mapping[str, Entry], base: Mapping[tuple[str, int], Entry]
) -> list[Difference]:
    """Hold the workbook against the answers online; `base` is what each question held when it was downloaded.

    A question untouched in the workbook is unchanged even when it changed online meanwhile. One touched in
    both places is a conflict.
    """
    return [
        Difference(code, _change(mine, online.get(code, Entry()), base.get((code, mine.version))), mine, standing)
        for code, mine in read.items()
        for standing in (online.get(code, Entry()),)
    ]


def _change(mine: Entry, online: Entry, base: Entry | None) -> Change:
    if same_entry(mine, online):
        return Change.UNCHANGED
    if mine.version != online.version:
        before = base if mine.version else Entry()
        return Change.UNCHANGED if before is not None and same_entry(mine, before) else Change.CONFLICT
    return Change.NEW if online.value is None and not online.not_applicable else Change.CHANGED


def same_entry(one: Entry, other: Entry) -> bool:
    """Whether two entries say the same, blanks aside."""

    def shape(entry: Entry) -> tuple[Any, ...]:
        value = _plain(entry.value) if isinstance(entry.value, str) else entry.value
        reason = _plain(entry.reason) if entry.not_applicable else ""
        return value, entry.not_applicable, reason, _plain(entry.comment)

    return shape(one) == shape(other)
