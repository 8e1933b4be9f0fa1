"""Values of answers: is this one the question can have, and how is it stored?"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from math import isnan

from assessments.questionnaires.conditions import NUMBER_LIMIT, as_number, is_iso_date
from assessments.questionnaires.core import ValueCode, say_plainly, word_code
from assessments.questionnaires.document.structs import Question
from assessments.questionnaires.enums import Kind

LONGEST_TEXT = 10_000
LONGEST_SHOWN = 60
MOST_PEOPLE = 10_000_000
ROUNDING_NOISE = 1e-9  # a sheet hands 0.3 over as 0.30000000000000004
FIRST_YEAR, LAST_YEAR = 1900, 2100

_NUMERAL = re.compile(r"[-+]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class ValueProblem(Exception):
    """The value cannot be an answer; the interface words it from `code` and `params`."""

    def __init__(self, code: ValueCode, **params: object) -> None:
        super().__init__(f"{code}: {params}" if params else str(code))
        self.code = code
        self.params = params


def describe_problem(problem: ValueProblem) -> str:
    """Say in English what is wrong, for commands and logs; pages use their own words."""
    return word_code(problem.code, problem.params, say_plainly)


def validate_value(question: Question, value: object) -> object:
    """Give the value as it is stored, None for an empty one; raise ValueProblem.

    Numbers are also read from text, full-width digits and thousands commas included,
    and dates from date objects, so forms, workbooks and the API share these rules.
    """
    if value is None or value in ([], {}, ()) or (isinstance(value, str) and not value.strip()):
        return None
    return _CHECKS[question.kind](question, value)


def _check_choice(question: Question, value: object) -> object:
    if not isinstance(value, str) or value not in question.choice_codes:
        raise ValueProblem(ValueCode.NOT_A_CHOICE, value=_short(value))
    return value


def _check_choices(question: Question, value: object) -> object:
    if not isinstance(value, list | tuple):
        raise ValueProblem(ValueCode.NOT_CHOICES, value=_short(value))
    for code in value:
        _check_choice(question, code)
    chosen = [choice for choice in question.choices if choice.code in value]
    if len(chosen) > 1:
        for choice in chosen:
            if choice.exclusive:
                raise ValueProblem(ValueCode.EXCLUSIVE_CHOICE, choice=choice.code)
    return [choice.code for choice in chosen]


def _check_number(question: Question, value: object) -> object:
    low, high = question.min, question.max
    if question.kind is Kind.PERCENTAGE:
        low, high = (0 if low is None else low), (100 if high is None else high)
        value = value.strip().removesuffix("%") if isinstance(value, str) else value
    number = _to_number(value)
    rounded = round(number, question.decimals)
    if abs(rounded - number) < ROUNDING_NOISE:
        number = _bare(rounded)
    else:
        if not question.decimals:
            raise ValueProblem(ValueCode.NOT_WHOLE, value=number)
        raise ValueProblem(ValueCode.TOO_MANY_DECIMALS, value=number, decimals=question.decimals)
    _check_range(number, low, high)
    return number


def _check_range(number: int | float, low: float | None, high: float | None, **params: object) -> None:
    if low is not None and number < low:
        raise ValueProblem(ValueCode.TOO_LOW, value=number, min=_bare(low), **params)
    if high is not None and number > high:
        raise ValueProblem(ValueCode.TOO_HIGH, value=number, max=_bare(high), **params)


def _to_number(value: object) -> int | float:
    """Read a number; whole ones become int, so 48, 48.0 and "48" are the same answer."""
    number: object = value
    if isinstance(value, str):
        plain = unicodedata.normalize("NFKC", value).strip().replace("\u2212", "-")
        if not _NUMERAL.fullmatch(plain):
            raise ValueProblem(ValueCode.NOT_A_NUMBER, value=_short(value))
        bare = plain.replace(",", "")
        number = float(bare) if "." in bare or len(bare) > len(str(NUMBER_LIMIT)) else int(bare)
    if isinstance(number, bool) or not isinstance(number, int | float) or isnan(number):
        raise ValueProblem(ValueCode.NOT_A_NUMBER, value=_short(value))
    if as_number(number) is None:
        over = number > 0
        code = ValueCode.TOO_HIGH if over else ValueCode.TOO_LOW
        limit = {"max": NUMBER_LIMIT} if over else {"min": -NUMBER_LIMIT}
        raise ValueProblem(code, value=_short(value), **limit)
    return _bare(number)


def _check_date(question: Question, value: object) -> object:
    if isinstance(value, datetime):
        value = value.date()
    day = value.isoformat() if isinstance(value, date) else value
    plain = unicodedata.normalize("NFKC", day).strip() if isinstance(day, str) else day
    if not isinstance(plain, str) or not is_iso_date(plain):
        raise ValueProblem(ValueCode.NOT_A_DATE, value=_short(value))
    if not FIRST_YEAR <= int(plain[:4]) <= LAST_YEAR:
        raise ValueProblem(ValueCode.DATE_OUT_OF_RANGE, value=plain, first=FIRST_YEAR, last=LAST_YEAR)
    return plain


def _check_text(question: Question, value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and as_number(value) is not None:
        value = str(value)  # a workbook cell holding 2024 is text to its writer
    if not isinstance(value, str):
        raise ValueProblem(ValueCode.NOT_TEXT, value=_short(value))
    words = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(words) > LONGEST_TEXT:
        raise ValueProblem(ValueCode.TOO_LONG, length=len(words), max=LONGEST_TEXT)
    return words or None


def _check_headcount(question: Question, value: object) -> object:
    if not isinstance(value, Mapping):
        raise ValueProblem(ValueCode.NOT_A_TABLE, value=_short(value))
    for cell in value:
        if cell not in question.cells:
            raise ValueProblem(ValueCode.UNKNOWN_CELL, cell=_short(cell))
    return {
        cell: _check_people(cell, value[cell]) for cell in question.cells if value.get(cell) not in (None, "")
    } or None


def _check_people(cell: str, value: object) -> int:
    try:
        number = _to_number(value)
    except ValueProblem as problem:
        raise ValueProblem(problem.code, **problem.params, cell=cell) from None
    _check_range(number, 0, MOST_PEOPLE, cell=cell)
    if not isinstance(number, int):
        raise ValueProblem(ValueCode.NOT_WHOLE, value=number, cell=cell)
    return number


def _check_document(question: Question, value: object) -> object:
    raise ValueProblem(ValueCode.NO_VALUE)


_CHECKS: dict[Kind, Callable[[Question, object], object]] = {
    Kind.SINGLE: _check_choice,
    Kind.YES_NO: _check_choice,
    Kind.MULTIPLE: _check_choices,
    Kind.NUMBER: _check_number,
    Kind.PERCENTAGE: _check_number,
    Kind.DATE: _check_date,
    Kind.TEXT: _check_text,
    Kind.HEADCOUNT: _check_headcount,
    Kind.DOCUMENT: _check_document,
}


def _bare(number: int | float) -> int | float:
    return int(number) if number == int(number) else number


def _short(value: object) -> str:
    try:
        words = _CONTROL.sub("", str(value))
    except ValueError:  # an int of more than 4300 digits
        return "..."
    return words if len(words) <= LONGEST_SHOWN else f"{words[:LONGEST_SHOWN]}..."
