"""What is wrong with a questionnaire: codes with their sentences, and problems that are worded from them."""

from assessments.questionnaires.core.codes import Code, gettext_noop
from assessments.questionnaires.core.conditions import ConditionCode
from assessments.questionnaires.core.contents import ContentCode
from assessments.questionnaires.core.expressions import ExpressionCode
from assessments.questionnaires.core.problems import (
    Joint,
    Problem,
    Saying,
    make_problem,
    make_warning,
    say_plainly,
    word_code,
    word_problem,
)
from assessments.questionnaires.core.shapes import ShapeCode
from assessments.questionnaires.core.sheets import SheetCode
from assessments.questionnaires.core.values import ValueCode

CODES = (ShapeCode, ContentCode, ConditionCode, SheetCode, ExpressionCode, ValueCode)
"""Every family of codes that a core of this room can give."""

__all__ = [
    "CODES",
    "Code",
    "ConditionCode",
    "ContentCode",
    "ExpressionCode",
    "Joint",
    "Problem",
    "Saying",
    "ShapeCode",
    "SheetCode",
    "ValueCode",
    "gettext_noop",
    "make_problem",
    "make_warning",
    "say_plainly",
    "word_code",
    "word_problem",
]
