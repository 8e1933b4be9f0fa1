"""Running the examples of flag rules: does the rule hold for the one set of answers, and just not for the other?"""

from collections.abc import Iterator
from datetime import date

from assessments.questionnaires.conditions import compile_condition, visible_answers
from assessments.questionnaires.core import ContentCode, Problem, Saying
from assessments.questionnaires.document.structs import Document, FlagRule, RawAnswers
from assessments.questionnaires.document.values import ValueProblem, validate_value
from assessments.questionnaires.enums import Kind

EXAMPLE_DAY = date(2026, 11, 30)
"""The day of submission in every example, so that an expiry date in one means the same for ever."""


def check_examples(document: Document, flag: FlagRule, place: str) -> Iterator[Problem]:
    """Give what is wrong with the examples of a rule; none without examples.

    An unknown rule is no quiet one: a `quiet` example must hold every answer the rule reads.
    """
    condition = compile_condition(flag.when)
    for field, examples, wanted in (("fires", flag.fires, True), ("quiet", flag.quiet, False)):
        for index, answers in enumerate(examples):
            where = f"{place}.{field}[{index}]"
            problems = [*_check_answers(document, flag, answers, where)]
            _shown, visible = visible_answers(document, answers, EXAMPLE_DAY)
            verdict = condition.test(visible, EXAMPLE_DAY.isoformat())
            if not problems and verdict is not wanted:
                unread = tuple(sorted(condition.codes - visible.keys()))
                problems = [Problem(where, _VERDICTS[verdict], {"unread": unread} if unread else {}, flag.code)]
            yield from problems


def _check_answers(document: Document, flag: FlagRule, answers: RawAnswers, place: str) -> Iterator[Problem]:
    """Name answers to no question, and values their question cannot have."""
    for code, value in answers.items():
        if code not in document.positions:
            yield Problem(place, ContentCode.UNKNOWN_QUESTION, {"question": code}, flag.code)
            continue
        question = document.question(code)
        if question.kind is Kind.DOCUMENT:
            continue
        try:
            validate_value(question, value)
        except ValueProblem as problem:
            yield Problem(
                place,
                ContentCode.EXAMPLE_VALUE,
                {"question": code, "fault": Saying(problem.code, problem.params)},
                flag.code,
            )


_VERDICTS = {
    True: ContentCode.EXAMPLE_HOLDS,
    False: ContentCode.EXAMPLE_QUIET,
    None: ContentCode.EXAMPLE_UNDECIDED,
}
