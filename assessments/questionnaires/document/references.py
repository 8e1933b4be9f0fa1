"""Do conditions and placeholders name questions, choices and cells that are there?"""

import re
from collections.abc import Iterator

from assessments.questionnaires.conditions import (
    Leaf,
    Problem,
    Reference,
    compile_condition,
)
from assessments.questionnaires.document.reading import join
from assessments.questionnaires.document.structs import Document, Question, RawCondition, Text
from assessments.questionnaires.enums import Gravity, Kind, Operator

PLACEHOLDER = re.compile(r"\{([A-Z0-9]+(?:-[A-Z0-9]+)+)(?:\.([A-Za-z0-9_*-]+(?:\.[A-Za-z0-9_-]+)?))?\}")

_EQUAL = frozenset({Operator.IS, Operator.IS_NOT})
_ORDER = frozenset({Operator.OVER, Operator.UNDER, Operator.AT_LEAST, Operator.AT_MOST})
_DAYS = frozenset({Operator.BEFORE, Operator.AFTER})
_NUMBERS = _EQUAL | _ORDER | {Operator.IN}
_CHOICES = _EQUAL | {Operator.IN}

_FITTING: dict[Kind, frozenset[Operator]] = {
    Kind.SINGLE: _CHOICES,
    Kind.YES_NO: _CHOICES,
    Kind.MULTIPLE: frozenset({Operator.INCLUDES, Operator.INCLUDES_ANY}),
    Kind.NUMBER: _NUMBERS,
    Kind.PERCENTAGE: _NUMBERS,
    Kind.DATE: _EQUAL | _DAYS,
    Kind.HEADCOUNT: _NUMBERS,
    Kind.TEXT: frozenset(),
    Kind.DOCUMENT: frozenset(),
}
_GROUP: dict[Kind, str] = {
    Kind.SINGLE: "choice",
    Kind.YES_NO: "choice",
    Kind.NUMBER: "number",
    Kind.PERCENTAGE: "number",
    Kind.HEADCOUNT: "number",
    Kind.DATE: "date",
}


def check_show_condition(document: Document, question: Question, place: str, earlier: set[str]) -> Iterator[Problem]:
    """A question shows by answers given before it, so one pass decides what shows."""
    raw = question.show_if or {}
    yield from check_condition(document, raw, place, question.code)
    for code in sorted(compile_condition(raw).codes):
        if code in document.positions and code not in earlier:
            message = f"{question.code}: it shows by {code}, which must stand earlier."
            yield Problem(place, "later_trigger", message)


def check_condition(document: Document, raw: RawCondition, place: str, owner: str) -> Iterator[Problem]:
    """Check what the leaves name; that the condition compiles was seen when it was read."""
    for leaf in compile_condition(raw).leaves:
        where = join(place, leaf.place)
        for code, message in _leaf_problems(document, leaf):
            yield Problem(where, code, f"{owner}: {message}")


def _leaf_problems(document: Document, leaf: Leaf) -> Iterator[tuple[str, str]]:
    yield from _reference_problems(document, leaf.reference, leaf.operator)
    if isinstance(leaf.operand, Reference):
        yield from _reference_problems(document, leaf.operand, leaf.operator)
    if leaf.reference.question not in document.positions:
        return
    question = document.question(leaf.reference.question)
    if isinstance(leaf.operand, Reference):
        if leaf.operand.question in document.positions:
            other = document.question(leaf.operand.question)
            if _GROUP.get(question.kind) != _GROUP.get(other.kind):
                yield "operand_kind", f"{question.code} and {other.code} cannot be compared."
        return
    yield from _literal_problems(question, leaf)


def _reference_problems(document: Document, reference: Reference, operator: Operator) -> Iterator[tuple[str, str]]:
    code = reference.question
    if code not in document.positions:
        yield "unknown_question", f"there is no question {code}."
        return
    question = document.question(code)
    if operator is not Operator.ANSWERED and operator not in _FITTING[question.kind]:
        fitting = ", ".join(sorted(_FITTING[question.kind] | {Operator.ANSWERED}))
        yield "operator_kind", f"'{operator}' does not fit {code} ({question.kind}); use {fitting}."
    if reference.times is not None and _GROUP.get(question.kind) != "number":
        yield "times_kind", f"'times' does not fit {code} ({question.kind})."
    yield from _cell_problems(question, reference.cell, operator)


def _cell_problems(question: Question, cell: str | None, operator: Operator) -> Iterator[tuple[str, str]]:
    if question.kind is not Kind.HEADCOUNT:
        if cell is not None:
            yield "cell_kind", f"{question.code} is no table; remove 'cell'."
    elif cell is None:
        if operator is not Operator.ANSWERED:
            yield "cell_missing", f"{question.code} is a table; say which 'cell' is meant."
    elif not has_cell(question, cell):
        yield "unknown_cell", f"{question.code} has no cell '{cell}'."


def has_cell(question: Question, cell: str) -> bool:
    """Tell whether the table has this cell, row sum, column sum or total."""
    if cell == "total" or cell in question.cells:
        return True
    if cell.startswith("*."):
        return any(column.code == cell[2:] for column in question.columns)
    return any(row.code == cell for row in question.rows)


def _literal_problems(question: Question, leaf: Leaf) -> Iterator[tuple[str, str]]:
    """Literals must be values the question can have."""
    if leaf.operator is Operator.ANSWERED:
        return
    literals = leaf.operand if isinstance(leaf.operand, tuple) else (leaf.operand,)
    group = _GROUP.get(question.kind, "choice")
    for literal in literals:
        if group == "choice" and literal not in question.choice_codes:
            known = ", ".join(question.choice_codes)
            yield "unknown_choice", f"{question.code} has no choice '{literal}'; it has {known}."
        if group == "number" and isinstance(literal, str):
            yield "operand_kind", f"{question.code} is a number, '{literal}' is not."
        if group == "date" and not isinstance(literal, str):
            yield "operand_kind", f"{question.code} is a date, '{literal}' is not."


def placeholders(text: str) -> list[tuple[str, str | None]]:
    """Give the (question code, cell) of every {CODE} and {CODE.cell} in a text."""
    return [(match[1], match[2]) for match in PLACEHOLDER.finditer(text)]


def codes_in(text: Text) -> frozenset[str]:
    """Give the questions a text shows, in any of its languages."""
    return frozenset(code for words in text.values() for code, _cell in placeholders(words))


def check_placeholders(document: Document, text: Text, place: str, owner: str) -> Iterator[Problem]:
    wanted = set(placeholders(text.get(document.default_language, "")))
    for language, words in text.items():
        found = set(placeholders(words))
        stray = re.sub(PLACEHOLDER, "", words)
        if "{" in stray or "}" in stray:
            message = f"{owner}: a placeholder is {{CODE}} or {{CODE.cell}}."
            yield Problem(f"{place}.{language}", "bad_placeholder", message)
        if found != wanted:
            message = f"{owner}: the placeholders differ from '{document.default_language}'."
            yield Problem(f"{place}.{language}", "placeholders_differ", message, Gravity.WARNING)
        for code, cell in sorted(found, key=str):
            if code not in document.positions:
                message = f"{owner}: there is no question {code}."
                yield Problem(f"{place}.{language}", "unknown_question", message)
            elif cell is not None and not has_cell(document.question(code), cell):
                message = f"{owner}: {code} has no cell '{cell}'."
                yield Problem(f"{place}.{language}", "unknown_cell", message)
