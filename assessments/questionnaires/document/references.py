"""Do conditions and placeholders name questions, choices and cells that are there?"""

import re
from collections.abc import Iterator

from assessments.questionnaires.conditions import Leaf, Reference, compile_condition
from assessments.questionnaires.core import ContentCode, Problem
from assessments.questionnaires.document.reading import join
from assessments.questionnaires.document.structs import Document, Question, RawCondition, Text
from assessments.questionnaires.enums import Gravity, Kind, Operator

Found = Iterator[tuple[ContentCode, dict[str, object]]]
"""Codes with their params."""

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
            yield Problem(place, ContentCode.LATER_TRIGGER, {"question": code}, question.code)


def check_condition(document: Document, raw: RawCondition, place: str, owner: str) -> Iterator[Problem]:
    """Check what the leaves name; that the condition compiles was seen when it was read."""
    for leaf in compile_condition(raw).leaves:
        where = join(place, leaf.place)
        for code, params in _leaf_problems(document, leaf):
            yield Problem(where, code, params, owner)


def _leaf_problems(document: Document, leaf: Leaf) -> Found:
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
                yield ContentCode.NOT_COMPARABLE, {"question": question.code, "other": other.code}
        return
    yield from _literal_problems(question, leaf)


def _reference_problems(document: Document, reference: Reference, operator: Operator) -> Found:
    code = reference.question
    if code not in document.positions:
        yield ContentCode.UNKNOWN_QUESTION, {"question": code}
        return
    question = document.question(code)
    if operator is not Operator.ANSWERED and operator not in _FITTING[question.kind]:
        fitting = tuple(sorted(_FITTING[question.kind] | {Operator.ANSWERED}))
        params: dict[str, object] = {"operator": operator, "question": code, "kind": question.kind, "fitting": fitting}
        yield ContentCode.OPERATOR_KIND, params
    if reference.times is not None and _GROUP.get(question.kind) != "number":
        yield ContentCode.TIMES_KIND, {"question": code, "kind": question.kind}
    yield from _cell_problems(question, reference.cell, operator)


def _cell_problems(question: Question, cell: str | None, operator: Operator) -> Found:
    if question.kind is not Kind.HEADCOUNT:
        if cell is not None:
            yield ContentCode.CELL_KIND, {"question": question.code}
    elif cell is None:
        if operator is not Operator.ANSWERED:
            yield ContentCode.CELL_MISSING, {"question": question.code}
    elif not has_cell(question, cell):
        yield ContentCode.UNKNOWN_CELL, {"question": question.code, "cell": cell}


def has_cell(question: Question, cell: str) -> bool:
    """Tell whether the table has this cell, row sum, column sum or total."""
    if cell == "total" or cell in question.cells:
        return True
    if cell.startswith("*."):
        return any(column.code == cell[2:] for column in question.columns)
    return any(row.code == cell for row in question.rows)


def _literal_problems(question: Question, leaf: Leaf) -> Found:
    """Literals must be values the question can have."""
    if leaf.operator is Operator.ANSWERED:
        return
    literals = leaf.operand if isinstance(leaf.operand, tuple) else (leaf.operand,)
    group = _GROUP.get(question.kind, "choice")
    for literal in literals:
        if group == "choice" and literal not in question.choice_codes:
            params: dict[str, object] = {"question": question.code, "choice": literal, "choices": question.choice_codes}
            yield ContentCode.UNKNOWN_CHOICE, params
        if group == "number" and isinstance(literal, str):
            yield ContentCode.NUMBER_COMPARED, {"question": question.code, "value": literal}
        if group == "date" and not isinstance(literal, str):
            yield ContentCode.DAY_COMPARED, {"question": question.code, "value": literal}


def placeholders(text: str) -> list[tuple[str, str | None]]:
    """Give the (question code, cell) of every {CODE} and {CODE.cell} in a text."""
    return [(match[1], match[2]) for match in PLACEHOLDER.finditer(text)]


def codes_in(text: Text) -> frozenset[str]:
    """Give the questions a text shows, in any of its languages."""
    return frozenset(code for words in text.values() for code, _cell in placeholders(words))


def check_placeholders(document: Document, text: Text, place: str, owner: str) -> Iterator[Problem]:
    """Check the codes in curly brackets of a text, language by language."""
    wanted = set(placeholders(text.get(document.default_language, "")))
    for language, words in text.items():
        where, found = f"{place}.{language}", set(placeholders(words))
        stray = re.sub(PLACEHOLDER, "", words)
        if "{" in stray or "}" in stray:
            yield Problem(where, ContentCode.BAD_PLACEHOLDER, {}, owner)
        if found != wanted:
            params = {"language": document.default_language}
            yield Problem(where, ContentCode.PLACEHOLDERS_DIFFER, params, owner, Gravity.WARNING)
        for code, cell in sorted(found, key=str):
            if code not in document.positions:
                yield Problem(where, ContentCode.UNKNOWN_QUESTION, {"question": code}, owner)
            elif cell is not None and not has_cell(document.question(code), cell):
                yield Problem(where, ContentCode.UNKNOWN_CELL, {"question": code, "cell": cell}, owner)
