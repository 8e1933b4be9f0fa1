"""Evaluating: one small closure per leaf and group."""

from collections.abc import Callable, Mapping
from operator import ge, gt, le, lt

from assessments.questionnaires.conditions.structs import ISO_DATE, Leaf, Reference, Test
from assessments.questionnaires.enums import Operator

NUMBER_LIMIT = 1_000_000_000_000_000
"""Numbers beyond +-10^15 are unknown: up to there Python and the browser count alike."""

Reader = Callable[[Mapping[str, object]], object]


def as_number(value: object) -> int | float | None:
    """Give a usable number, or None: true and false are not numbers, nor is NaN."""
    if type(value) is int or type(value) is float:
        return value if -NUMBER_LIMIT <= value <= NUMBER_LIMIT else None
    return None


def cell_number(value: object, cell: str) -> int | float | None:
    """Read a cell, a row sum, a column sum or the total of a head-count table.

    Cells not filled in are left out of a sum; a sum of nothing is unknown.
    """
    if not isinstance(value, Mapping):
        return None
    if "." in cell and not cell.startswith("*."):
        return as_number(value.get(cell))
    if cell == "total":
        chosen = [as_number(number) for number in value.values()]
    elif cell.startswith("*."):
        chosen = [as_number(value[key]) for key in value if str(key).endswith(cell[1:])]
    else:
        chosen = [as_number(value[key]) for key in value if str(key).startswith(cell + ".")]
    numbers = [number for number in chosen if number is not None]
    return sum(numbers) if numbers else None


def _reader(reference: Reference) -> Reader:
    code, cell, times = reference.question, reference.cell, reference.times

    def read(answers: Mapping[str, object]) -> object:
        return answers.get(code)

    def read_part(answers: Mapping[str, object]) -> object:
        value = answers.get(code)
        if cell is not None:
            value = cell_number(value, cell)
        if times is None:
            return value
        number = as_number(value)
        return None if number is None else float(number) * times

    return read if cell is None and times is None else read_part


def _operand_reader(operand: object) -> Reader:
    if isinstance(operand, Reference):
        return _reader(operand)
    return lambda _answers: operand


def _same(left: object, right: object) -> bool | None:
    if isinstance(left, str):
        return left == right if isinstance(right, str) else None
    first, second = as_number(left), as_number(right)
    return None if first is None or second is None else first == second


def _build_is(leaf: Leaf) -> Test:
    read, other = _reader(leaf.reference), _operand_reader(leaf.operand)
    if isinstance(leaf.operand, str):
        code, wanted = leaf.reference.question, leaf.operand

        def is_code(answers: Mapping[str, object], _today: str) -> bool | None:
            value = answers.get(code)
            return value == wanted if isinstance(value, str) else None

        return is_code
    return lambda answers, _today: _same(read(answers), other(answers))


def _build_is_not(leaf: Leaf) -> Test:
    return negate(_build_is(leaf))


def _build_in(leaf: Leaf) -> Test:
    read = _reader(leaf.reference)
    wanted = leaf.operand if isinstance(leaf.operand, tuple) else ()
    codes = frozenset(item for item in wanted if isinstance(item, str))

    def is_in(answers: Mapping[str, object], _today: str) -> bool | None:
        value = read(answers)
        if isinstance(value, str):
            return value in codes
        return None if as_number(value) is None else any(_same(value, item) is True for item in wanted)

    return is_in


def _build_includes(leaf: Leaf) -> Test:
    read = _reader(leaf.reference)
    wanted = leaf.operand if isinstance(leaf.operand, tuple) else (leaf.operand,)

    def includes(answers: Mapping[str, object], _today: str) -> bool | None:
        value = read(answers)
        if not isinstance(value, list | tuple) or not value:
            return None
        return any([item in value for item in wanted])

    return includes


def _build_answered(leaf: Leaf) -> Test:
    read, wanted = _reader(leaf.reference), bool(leaf.operand)
    empty: tuple[object, ...] = (None, "", [], {})
    return lambda answers, _today: (read(answers) not in empty) is wanted


_COMPARE: dict[Operator, Callable[[float, float], bool]] = {
    Operator.OVER: gt,
    Operator.UNDER: lt,
    Operator.AT_LEAST: ge,
    Operator.AT_MOST: le,
}


def _build_compare(leaf: Leaf) -> Test:
    read, other = _reader(leaf.reference), _operand_reader(leaf.operand)
    compare, limit = _COMPARE[leaf.operator], as_number(leaf.operand)
    if limit is not None:
        return lambda answers, _today: None if (left := as_number(read(answers))) is None else compare(left, limit)

    def compares(answers: Mapping[str, object], _today: str) -> bool | None:
        left = as_number(read(answers))
        right = as_number(other(answers))
        return None if left is None or right is None else compare(left, right)

    return compares


def _build_order(leaf: Leaf) -> Test:
    read, other = _reader(leaf.reference), _operand_reader(leaf.operand)
    earlier, today_is_meant = leaf.operator is Operator.BEFORE, leaf.operand == "as_of"

    def ordered(answers: Mapping[str, object], today: str) -> bool | None:
        left, right = read(answers), today if today_is_meant else other(answers)
        if not isinstance(left, str) or not isinstance(right, str):
            return None
        if not ISO_DATE.fullmatch(left) or not ISO_DATE.fullmatch(right):
            return None
        return left < right if earlier else left > right

    return ordered


def negate(test: Test) -> Test:
    def negated(answers: Mapping[str, object], today: str) -> bool | None:
        result = test(answers, today)
        return None if result is None else not result

    return negated


def all_of(tests: tuple[Test, ...]) -> Test:
    def all_hold(answers: Mapping[str, object], today: str) -> bool | None:
        result: bool | None = True
        for test in tests:
            one = test(answers, today)
            if one is False:
                return False
            if one is None:
                result = None
        return result

    return all_hold


def any_of(tests: tuple[Test, ...]) -> Test:
    def any_holds(answers: Mapping[str, object], today: str) -> bool | None:
        result: bool | None = False
        for test in tests:
            one = test(answers, today)
            if one is True:
                return True
            if one is None:
                result = None
        return result

    return any_holds


BUILDERS: dict[Operator, Callable[[Leaf], Test]] = {
    Operator.IS: _build_is,
    Operator.IS_NOT: _build_is_not,
    Operator.IN: _build_in,
    Operator.INCLUDES: _build_includes,
    Operator.INCLUDES_ANY: _build_includes,
    Operator.ANSWERED: _build_answered,
    Operator.OVER: _build_compare,
    Operator.UNDER: _build_compare,
    Operator.AT_LEAST: _build_compare,
    Operator.AT_MOST: _build_compare,
    Operator.BEFORE: _build_order,
    Operator.AFTER: _build_order,
}
