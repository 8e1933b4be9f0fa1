"""What can be wrong with a condition by itself."""

from assessments.questionnaires.core.codes import Code
from assessments.questionnaires.core.codes import gettext_noop as _


class ConditionCode(Code):
    CONDITION_DEPTH = "condition_depth", _("Nest conditions at most %(deepest)s deep.")
    CONDITION_SHAPE = (
        "condition_shape",
        _("A condition is a map: {question: CODE, is: VALUE}, {all: [...]}, {any: [...]} or {not: {...}}."),
    )
    CONDITION_GROUP_ALONE = "condition_group_alone", _("“%(group)s” must be the only key of its map.")
    CONDITION_GROUP_LIST = "condition_group_list", _("“%(group)s” takes a list of one or more conditions.")
    CONDITION_OPERATOR = "condition_operator", _("Name exactly one operator beside “question”: %(operators)s.")
    CONDITION_QUESTION = "condition_question", _("Say which question is read: “question: CODE”.")
    CONDITION_CELL = (
        "condition_cell",
        _("A cell is “row.column”, “row” (its sum), “*.column” (its sum) or “total”."),
    )
    CONDITION_TIMES = "condition_times", _("“times” takes a number.")
    OPERAND_REFERENCE = "operand_reference", _("“%(operator)s” takes no other question. Write a value.")
    OPERAND_KEYS = "operand_keys", _("Remove %(keys)s here. Beside “question” stand only “cell” and “times”.")
    OPERAND_VALUE = (
        "operand_value",
        _('“%(operator)s” takes a code, a number or {question: CODE}; write "yes" and "no" in quotes.'),
    )
    OPERAND_VALUES = "operand_values", _("“%(operator)s” takes a list of codes or numbers.")
    OPERAND_CHOICE = "operand_choice", _("“%(operator)s” takes one choice code.")
    OPERAND_CHOICES = "operand_choices", _("“%(operator)s” takes a list of choice codes.")
    OPERAND_TRUTH = "operand_truth", _("“%(operator)s” takes true or false.")
    OPERAND_NUMBER = "operand_number", _("“%(operator)s” takes a number or {question: CODE, times: 0.5}.")
    OPERAND_DAY = "operand_day", _('“%(operator)s” takes a day "YYYY-MM-DD", as_of or {question: CODE}.')
