"""Answers to questions that no persona of the packs was asked: the best one mostly, by how good the plant is. Pure."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from assessments.questionnaires.document import Question
from assessments.questionnaires.enums import Kind

WORDS = "We asked for more time to change the contracts with two agencies; the new ones begin in spring."
GROUP_SIZE = 40  # sites, suppliers and cases of a company are a few dozen at most


def guess_answer(question: Question, random: Random, *, quality: float, as_of: date) -> Any:
    """Return a value the question can have; `quality` is how often (0 to 1) it is the best one."""
    return GUESSES[question.kind](question, random, random.random() < quality, as_of)


def guess_yes_no(question: Question, random: Random, good: bool, _as_of: date) -> str:
    """Return yes or no; a coin where nothing is scored."""
    if question.score is None:
        return random.choice(("yes", "no"))
    best = "yes" if (question.score.yes or 0) >= (question.score.no or 0) else "no"
    return best if good else ("no" if best == "yes" else "yes")


def guess_single(question: Question, random: Random, good: bool, _as_of: date) -> str:
    """Return the first of the best choices, or any."""
    best = max(question.choices, key=lambda choice: choice.points or 0)
    return best.code if good else random.choice(question.choice_codes)


def guess_multiple(question: Question, random: Random, good: bool, _as_of: date) -> list[str]:
    """Return all choices that earn something, or one; the exclusive one where none does."""
    earning = [choice.code for choice in question.choices if (choice.points or 0) > 0 and not choice.exclusive]
    if not earning:
        return [question.choices[-1].code]
    return earning if good else [random.choice(earning)]


def guess_number(question: Question, random: Random, good: bool, _as_of: date) -> float:
    """Return a number of the best step, or of any; without steps a count of a company's size."""
    steps = question.score.steps if question.score else ()
    most = 100.0 if question.kind is Kind.PERCENTAGE else min(question.max or GROUP_SIZE, GROUP_SIZE)
    low, high = question.min or 0.0, most
    if steps:
        place = max(range(len(steps)), key=lambda n: steps[n].points) if good else random.randrange(len(steps))
        low = (steps[place - 1].up_to or 0.0) + 10**-question.decimals if place else low
        high = most if steps[place].up_to is None else steps[place].up_to or 0.0
    value = random.uniform(low, max(low, high))
    return round(value, question.decimals) if question.decimals else round(value)


def guess_date(question: Question, random: Random, good: bool, as_of: date) -> str:
    """Return a day before the answer, or after it where the answer is held against the day of submission."""
    ahead = question.score is not None and good
    days = random.randint(30, 500)
    return (as_of + timedelta(days=days if ahead else -days)).isoformat()


GUESSES: dict[Kind, Callable[[Question, Random, bool, date], Any]] = {
    Kind.YES_NO: guess_yes_no,
    Kind.SINGLE: guess_single,
    Kind.MULTIPLE: guess_multiple,
    Kind.NUMBER: guess_number,
    Kind.PERCENTAGE: guess_number,
    Kind.DATE: guess_date,
    Kind.TEXT: lambda _question, _random, _good, _as_of: WORDS,
}
