"""What a compiled condition is made of."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from assessments.questionnaires.conditions.answers import plain_value
from assessments.questionnaires.core import Problem
from assessments.questionnaires.enums import Operator

Test = Callable[[Mapping[str, object], str], bool | None]
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class ConditionErrors(Exception):
    """The condition cannot be read; places are relative to the condition."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{p.place}: {p.message}" for p in problems))
        self.problems = tuple(problems)


class Reference(Struct, frozen=True):
    """An answer, or one cell or sum of a head-count table, times a factor."""

    question: str
    cell: str | None = None
    times: float | None = None


class Leaf(Struct, frozen=True):
    place: str
    reference: Reference
    operator: Operator
    operand: object


class Condition:
    """A compiled condition. `test` is the fast way in: plain values and an ISO date."""

    __slots__ = ("codes", "leaves", "raw", "test")

    def __init__(self, raw: object, test: Test, leaves: tuple[Leaf, ...]) -> None:
        self.raw = raw
        self.test = test
        self.leaves = leaves
        self.codes = frozenset(code for leaf in leaves for code in _codes_of(leaf))

    def evaluate(self, answers: Mapping[str, object], as_of: date) -> bool | None:
        """Evaluate over answers of any accepted form (see `read_answer`)."""
        plain = {code: plain_value(answers[code]) for code in self.codes if code in answers}
        return self.test(plain, as_of.isoformat())


def _codes_of(leaf: Leaf) -> Iterable[str]:
    yield leaf.reference.question
    if isinstance(leaf.operand, Reference):
        yield leaf.operand.question
