"""Conditions over answers: a closed set of operators, three-valued (Kleene), compiled once.

A condition is true, false or unknown (None). Everything that is not answered, not
applicable or hidden is unknown, so "not" of it is unknown too. `static/sanpo/conditions.js`
is the same evaluator for the browser; both run the cases of
`tests/assessments/questionnaires/condition_cases.json`.
"""

from assessments.questionnaires.conditions.answers import AnswerValue, plain_value, read_answer
from assessments.questionnaires.conditions.compiling import compile_condition, is_iso_date
from assessments.questionnaires.conditions.evaluating import (
    NUMBER_LIMIT,
    as_number,
    cell_number,
)
from assessments.questionnaires.conditions.reach import (
    plain_answers,
    reachable_codes,
    visible_answers,
)
from assessments.questionnaires.conditions.structs import (
    Condition,
    ConditionErrors,
    Leaf,
    Reference,
    Test,
)

__all__ = [
    "NUMBER_LIMIT",
    "AnswerValue",
    "Condition",
    "ConditionErrors",
    "Leaf",
    "Reference",
    "Test",
    "as_number",
    "cell_number",
    "compile_condition",
    "is_iso_date",
    "plain_answers",
    "plain_value",
    "reachable_codes",
    "read_answer",
    "visible_answers",
]
