"""What an answer earns: a fraction 0 to 1 of the weight of its question."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from decimal import Decimal
from math import ceil, floor, inf

from assessments.questionnaires.conditions import as_number
from assessments.questionnaires.document import Question, ScoreRule
from assessments.questionnaires.enums import Kind

Earn = Callable[[object, str], float | None]
"""Takes the value and the day of submission; None means there is no usable answer."""


def earn_rule(question: Question) -> Earn:
    """Prepare the rule of a question; the value of a document is the number of its files."""
    return _RULES.get(question.kind, _never)(question)


def _never(_question: Question) -> Earn:
    return lambda _value, _today: None


def _by_choice(question: Question) -> Earn:
    rule = question.score or ScoreRule()
    points = {choice.code: choice.points or 0.0 for choice in question.choices}
    if question.kind is Kind.YES_NO:
        points = {"yes": rule.yes or 0.0, "no": rule.no or 0.0}
    return lambda value, _today: points.get(value) if isinstance(value, str) else None


def _by_choices(question: Question) -> Earn:
    points = {choice.code: choice.points or 0.0 for choice in question.choices}

    def earn(value: object, _today: str) -> float | None:
        if not isinstance(value, list | tuple) or not value:
            return None
        earned = sum([points.get(code, 0.0) for code in value if isinstance(code, str)])
        return min(1.0, max(0.0, earned))

    return earn


def _by_steps(question: Question) -> Earn:
    steps = question.score.steps if question.score else ()
    limits = [step.up_to for step in steps if step.up_to is not None]
    points = [step.points for step in steps] or [0.0]

    def earn(value: object, _today: str) -> float | None:
        number = as_number(value)
        return None if number is None else points[bisect_left(limits, number)]

    return earn


def _by_day(question: Question) -> Earn:
    """ISO days compare as text; the day of submission itself is still valid."""
    rule = question.score or ScoreRule()
    valid, expired = rule.valid or 0.0, rule.expired or 0.0

    def earn(value: object, today: str) -> float | None:
        if not isinstance(value, str):
            return None
        return valid if value >= today else expired

    return earn


def _by_files(_question: Question) -> Earn:
    return lambda files, _today: 1.0 if files else None


_RULES: dict[Kind, Callable[[Question], Earn]] = {
    Kind.SINGLE: _by_choice,
    Kind.YES_NO: _by_choice,
    Kind.MULTIPLE: _by_choices,
    Kind.NUMBER: _by_steps,
    Kind.PERCENTAGE: _by_steps,
    Kind.DATE: _by_day,
    Kind.DOCUMENT: _by_files,
}


# --- what answers can earn at all ----------------------------------------------------------


def earn_range(question: Question) -> tuple[float, float]:
    """Give the least and the most that answers to a question can earn, as fractions of its weight.

    Only what can be handed in counts: a required answer cannot be left open, an optional one left open earns 0.
    """
    found = list(_EARNINGS.get(question.kind, _nothing)(question)) or [0.0]
    lowest = min(found) if question.required else 0.0
    return lowest, max(found)


def _nothing(_question: Question) -> Iterator[float]:
    return iter(())


def _of_choice(question: Question) -> Iterator[float]:
    rule = question.score or ScoreRule()
    if question.kind is Kind.YES_NO:
        yield from (rule.yes or 0.0, rule.no or 0.0)
    yield from (choice.points or 0.0 for choice in question.choices)


def _of_choices(question: Question) -> Iterator[float]:
    """The best and the worst set: every choice that adds, every one that takes away, or one alone."""
    together = [choice.points or 0.0 for choice in question.choices if not choice.exclusive]
    sets = [[points for points in together if points > 0], [points for points in together if points < 0]]
    alone = [choice.points or 0.0 for choice in question.choices]
    yield from (min(1.0, max(0.0, earned)) for earned in [*alone, *(sum(one) for one in sets if one)])


def _of_steps(question: Question) -> Iterator[float]:
    """The steps that a value within the limits and with the decimals of the question can reach.

    Values are counted in units of the last decimal, so that "over 60" begins at 60.1 with one decimal.
    """
    unit = 10**question.decimals
    low, high = _limits(question, unit)
    first = low
    for step in question.score.steps if question.score else ():
        upto = inf if step.up_to is None else floor(_exact(step.up_to) * unit)
        if first <= min(upto, high):
            yield step.points
        first = max(low, upto + 1)


def _limits(question: Question, unit: int) -> tuple[float, float]:
    percentage = question.kind is Kind.PERCENTAGE
    least, most = question.min, question.max
    least, most = (least or 0, 100 if most is None else most) if percentage else (least, most)
    low = -inf if least is None else ceil(_exact(least) * unit)
    return low, inf if most is None else floor(_exact(most) * unit)


def _exact(value: float) -> Decimal:
    return Decimal(str(value))


def _of_day(question: Question) -> Iterator[float]:
    rule = question.score or ScoreRule()
    yield from (rule.valid or 0.0, rule.expired or 0.0)


def _of_files(_question: Question) -> Iterator[float]:
    yield 1.0


_EARNINGS: dict[Kind, Callable[[Question], Iterator[float]]] = {
    Kind.SINGLE: _of_choice,
    Kind.YES_NO: _of_choice,
    Kind.MULTIPLE: _of_choices,
    Kind.NUMBER: _of_steps,
    Kind.PERCENTAGE: _of_steps,
    Kind.DATE: _of_day,
    Kind.DOCUMENT: _of_files,
}
