"""Does an answer to one version of a question fit another? One rule for copying answers and for announcing it."""

from collections.abc import Iterator

from msgspec import Struct

from assessments.questionnaires.document import Question, ValueProblem, validate_value
from assessments.questionnaires.enums import Extent, Kind, Obstacle

_PERCENT = 100


class Carry(Struct, frozen=True):
    """How many answers fit, what stands in the way of the others, and the codes that are meant."""

    extent: Extent = Extent.ALL
    obstacle: Obstacle | None = None
    codes: tuple[str, ...] = ()


def still_fits(new: Question, old: Question, value: object, *, not_applicable: bool = False) -> bool:
    """Tell whether an answer means the same to the new question, and is one it can have.

    "Does not apply" fits wherever the question means the same.
    """
    if _other_meaning(new, old) is not None:
        return False
    return not_applicable or carried_value(new, value) is not None


def carried_value(question: Question, value: object) -> object:
    """Give the value as the question stores it, None when it cannot be an answer to it."""
    try:
        return validate_value(question, value)
    except ValueProblem:
        return None


def carry_of(new: Question | None, old: Question | None) -> Carry:
    """Say which of the values answered to the old question `still_fits` the new one."""
    if old is None:
        return Carry(Extent.NONE, Obstacle.ADDED)
    if new is None:
        return Carry(Extent.NONE, Obstacle.REMOVED)
    meaning = _other_meaning(new, old)
    if meaning is not None:
        return Carry(Extent.NONE, meaning)
    if new.kind is Kind.DOCUMENT:
        return Carry(Extent.NONE, Obstacle.FILES)
    return next(_narrowed(new, old), Carry())


def _other_meaning(new: Question, old: Question) -> Obstacle | None:
    """Name what makes them two different questions; a period that was not said before changes nothing."""
    if new.kind is not old.kind:
        return Obstacle.KIND
    if new.unit is not old.unit:
        return Obstacle.UNIT
    if new.period and old.period and new.period is not old.period:
        return Obstacle.PERIOD
    return None


def _narrowed(new: Question, old: Question) -> Iterator[Carry]:
    """Walk what the new question takes no more of all that the old one took."""
    gone = _gone(old.choice_codes, new.choice_codes)
    if gone:
        nothing_left = len(gone) == len(old.choice_codes)
        yield Carry(Extent.NONE if nothing_left else Extent.SOME, Obstacle.CHOICES, gone)
    alone = tuple(sorted((_alone(new) - _alone(old)) & set(old.choice_codes))) if len(old.choices) > 1 else ()
    if alone:
        yield Carry(Extent.SOME, Obstacle.EXCLUSIVE, alone)
    lines = _gone([row.code for row in old.rows], [row.code for row in new.rows])
    lines += _gone([column.code for column in old.columns], [column.code for column in new.columns])
    if lines:
        yield Carry(Extent.NONE if not set(old.cells) & set(new.cells) else Extent.SOME, Obstacle.CELLS, lines)
    (low, high), (old_low, old_high) = _limits(new), _limits(old)
    if low > old_low or high < old_high:
        yield Carry(Extent.NONE if low > old_high or high < old_low else Extent.SOME, Obstacle.RANGE)
    if new.decimals < old.decimals:
        yield Carry(Extent.SOME, Obstacle.DECIMALS)


def _gone(old: list[str] | tuple[str, ...], new: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code for code in old if code not in new)


def _alone(question: Question) -> set[str]:
    """The choices that cannot be chosen with others, though there are others."""
    return {choice.code for choice in question.choices if choice.exclusive}


def _limits(question: Question) -> tuple[float, float]:
    """The lowest and the highest number the question takes."""
    percent = question.kind is Kind.PERCENTAGE
    low = 0.0 if percent else float("-inf")
    high = float(_PERCENT) if percent else float("inf")
    return low if question.min is None else question.min, high if question.max is None else question.max
