"""Compiling a condition, with every problem named at its place."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from assessments.questionnaires.conditions.evaluating import (
    BUILDERS,
    all_of,
    any_of,
    as_number,
    negate,
)
from assessments.questionnaires.conditions.structs import (
    ISO_DATE,
    Condition,
    ConditionErrors,
    Leaf,
    Reference,
    Test,
)
from assessments.questionnaires.core import ConditionCode, Problem, make_problem
from assessments.questionnaires.enums import Operator

DEEPEST = 10
CELL = re.compile(r"total|\*\.[A-Za-z0-9_-]+|[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)?")


def compile_condition(raw: object) -> Condition:
    """Compile a condition; raise ConditionErrors with every problem found."""
    found = _Found()
    test = _compile(raw, "", 0, found)
    if found.problems:
        raise ConditionErrors(found.problems)
    return Condition(raw, test, tuple(found.leaves))


class _Found:
    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self.problems: list[Problem] = []

    def fail(self, place: str, code: ConditionCode, /, **params: object) -> None:
        self.problems.append(make_problem(place, code, **params))


def _unknown(_answers: Mapping[str, object], _today: str) -> bool | None:
    return None


def _compile(raw: object, place: str, depth: int, found: _Found) -> Test:
    if depth > DEEPEST:
        found.fail(place, ConditionCode.CONDITION_DEPTH, deepest=DEEPEST)
        return _unknown
    if not isinstance(raw, Mapping) or not raw:
        found.fail(place, ConditionCode.CONDITION_SHAPE)
        return _unknown
    group = next((key for key in ("all", "any", "not") if key in raw), None)
    if group is None:
        return _compile_leaf(raw, place, found)
    if len(raw) > 1:
        found.fail(place, ConditionCode.CONDITION_GROUP_ALONE, group=group)
        return _unknown
    if group == "not":
        return negate(_compile(raw["not"], _join(place, "not"), depth + 1, found))
    return _compile_group(group, raw[group], _join(place, group), depth, found)


def _compile_group(group: str, members: object, place: str, depth: int, found: _Found) -> Test:
    if not isinstance(members, list | tuple) or not members:
        found.fail(place, ConditionCode.CONDITION_GROUP_LIST, group=group)
        return _unknown
    tests = tuple(_compile(member, f"{place}[{index}]", depth + 1, found) for index, member in enumerate(members))
    return all_of(tests) if group == "all" else any_of(tests)


def _compile_leaf(raw: Mapping[object, object], place: str, found: _Found) -> Test:
    reference = _read_reference(raw, place, found)
    operators = [key for key in raw if key not in ("question", "cell", "times")]
    known = [key for key in operators if key in Operator.__members__.values()]
    if len(operators) != 1 or not known:
        found.fail(place, ConditionCode.CONDITION_OPERATOR, operators=tuple(Operator))
        return _unknown
    operator = Operator(str(known[0]))
    operand = _read_operand(operator, raw[known[0]], _join(place, operator), found)
    if reference is None or operand is None:
        return _unknown
    leaf = Leaf(place, reference, operator, operand)
    found.leaves.append(leaf)
    return BUILDERS[operator](leaf)


def _read_reference(raw: Mapping[object, object], place: str, found: _Found) -> Reference | None:
    question, cell, times = raw.get("question"), raw.get("cell"), raw.get("times")
    if not isinstance(question, str) or not question:
        found.fail(place, ConditionCode.CONDITION_QUESTION)
        return None
    if cell is not None and not (isinstance(cell, str) and CELL.fullmatch(cell)):
        found.fail(place, ConditionCode.CONDITION_CELL)
        return None
    if times is not None and as_number(times) is None:
        found.fail(place, ConditionCode.CONDITION_TIMES)
        return None
    return Reference(question, cell, None if times is None else float(str(times)))


def _read_operand(operator: Operator, raw: object, place: str, found: _Found) -> object:
    if isinstance(raw, Mapping):
        if operator not in _TAKES_REFERENCE:
            found.fail(place, ConditionCode.OPERAND_REFERENCE, operator=operator)
            return None
        stray = tuple(str(key) for key in raw if key not in ("question", "cell", "times"))
        if stray:
            found.fail(place, ConditionCode.OPERAND_KEYS, keys=stray)
            return None
        return _read_reference(raw, place, found)
    fits, otherwise = _OPERANDS[operator]
    if not fits(raw):
        found.fail(place, otherwise, operator=operator)
        return None
    return tuple(raw) if isinstance(raw, list) else raw


def _is_scalar(raw: object) -> bool:
    return (isinstance(raw, str) and raw != "") or as_number(raw) is not None


def _is_scalars(raw: object) -> bool:
    return isinstance(raw, list | tuple) and bool(raw) and all(_is_scalar(item) for item in raw)


def _is_codes(raw: object) -> bool:
    return _is_scalars(raw) and all(isinstance(item, str) for item in raw)  # type: ignore[attr-defined]


def is_iso_date(raw: object) -> bool:
    """Tell whether this is a real day written YYYY-MM-DD."""
    if not isinstance(raw, str) or not ISO_DATE.fullmatch(raw):
        return False
    try:
        date.fromisoformat(raw)
    except ValueError:
        return False
    return True


_VALUE = (_is_scalar, ConditionCode.OPERAND_VALUE)
_NUMBER = (lambda raw: as_number(raw) is not None, ConditionCode.OPERAND_NUMBER)
_DAY = (lambda raw: raw == "as_of" or is_iso_date(raw), ConditionCode.OPERAND_DAY)
_OPERANDS: dict[Operator, tuple[Callable[[object], bool], ConditionCode]] = {
    Operator.IS: _VALUE,
    Operator.IS_NOT: _VALUE,
    Operator.IN: (_is_scalars, ConditionCode.OPERAND_VALUES),
    Operator.INCLUDES: (lambda raw: isinstance(raw, str) and raw != "", ConditionCode.OPERAND_CHOICE),
    Operator.INCLUDES_ANY: (_is_codes, ConditionCode.OPERAND_CHOICES),
    Operator.ANSWERED: (lambda raw: isinstance(raw, bool), ConditionCode.OPERAND_TRUTH),
    Operator.OVER: _NUMBER,
    Operator.UNDER: _NUMBER,
    Operator.AT_LEAST: _NUMBER,
    Operator.AT_MOST: _NUMBER,
    Operator.BEFORE: _DAY,
    Operator.AFTER: _DAY,
}
_TAKES_REFERENCE = frozenset(
    {
        Operator.IS,
        Operator.IS_NOT,
        Operator.OVER,
        Operator.UNDER,
        Operator.AT_LEAST,
        Operator.AT_MOST,
        Operator.BEFORE,
        Operator.AFTER,
    }
)


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key
