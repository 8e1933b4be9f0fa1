"""What can be wrong within one cell: a condition as XLSForm writes it, limits, points, bands, examples.

Where a code also has `after` and `character`, the words say at which character the trouble begins.
"""

from assessments.questionnaires.core.codes import Code
from assessments.questionnaires.core.codes import gettext_noop as _


class ExpressionCode(Code):
    # ---- signs
    NUMBER_TOO_LARGE = "number_too_large", _("The number at character %(at)s is too large.")
    OPEN_QUOTE = "open_quote", _("The quotation mark at character %(at)s is not closed.")
    BARE_DOLLAR = "bare_dollar", _("A question is named as ${CODE}; see character %(at)s.")
    STRAY_SIGN = "stray_sign", _("%(found)s at character %(at)s means nothing here.")
    STRAY_SIGN_WORD = "stray_sign_word", _("%(found)s at character %(at)s means nothing here. Write %(word)s.")
    # ---- what is missing
    NO_COMPARISON = "no_comparison", _("A comparison is missing.")
    NO_SIGN = "no_sign", _("A comparison such as = 'yes' or > 60 is missing.")
    NO_OPERAND = "no_operand", _("A value is missing.")
    NO_MARK = "no_mark", _("“%(mark)s” is missing.")
    NO_JOINT = "no_joint", _("“and” or “or” is missing before %(token)s.")
    NO_CHOICE = "no_choice", _("A choice in quotation marks is missing.")
    NO_QUESTION = "no_question", _("A question such as ${CODE} is missing.")
    NO_CODE = "no_code", _("The code of a question is missing; name it as ${CODE} or ${CODE.cell}.")
    NO_NUMBER = "no_number", _("A number is missing.")
    NO_DAY = "no_day", _("A day such as '2026-01-31' is missing.")
    NOTHING_COMPARED = "nothing_compared", _("No question is compared; name it as ${CODE}.")
    # ---- what cannot stand
    CALCULATION = "calculation", _("“%(token)s” cannot stand; the only calculation is ${CODE} * 0.5.")
    STRAY_TOKEN = "stray_token", _("“%(token)s” cannot stand here.")
    BRACKETS = "brackets", _("The brackets are nested too deep. Say it in fewer.")
    ONE_CHOICE = "one_choice", _("Only one choice can stand; join several selected(...) by or.")
    BAD_CELL = "bad_cell", _("“%(named)s” names no cell; write row.column, row, *.column or total.")
    UNKNOWN_WORD = (
        "unknown_word",
        _("“%(word)s” is not known; text stands in quotation marks, functions are %(functions)s."),
    )
    # ---- comparisons that mean nothing
    LENGTH_COMPARED = "length_compared", _("string-length(...) can only be compared with 0.")
    DAY_ORDER = "day_order", _("“%(sign)s” cannot order days; write < or >, or not(...) around it.")
    TODAY_EQUALS = "today_equals", _("today() can only be compared by < and >.")
    TEXT_ORDER = "text_order", _("“%(sign)s” needs a number or a day, not a text.")
    ASKING_FOR_ANSWER = (
        "asking_for_answer",
        _("Only = '' and != '', or string-length(...) > 0 and = 0, ask for an answer."),
    )
    # ---- limits, points and bands
    LIMITS = "limits", _("A constraint gives the least and the greatest value: . >= 0 and . <= 168.")
    NUMBER_AFTER = "number_after", _("After “%(name)s” a number is missing.")
    NO_NUMBER_HERE = "no_number_here", _("%(found)s is no number.")
    STANDS_TWICE = "stands_twice", _("%(found)s stands twice. Keep one.")
    NO_COLON = "no_colon", _("%(found)s needs a colon, as in 48: 1; 60: 0.9; else: 0.")
    NO_LIMIT = "no_limit", _("%(found)s is no limit; write a number, else, yes, no, valid or expired.")
    NO_BAND = "no_band", _("%(found)s is no band; write high < 60; medium < 85; low.")
    # ---- examples
    EXAMPLE_FORM = "example_form", _("Write CODE = value; CODE = value. See %(found)s.")
    EXAMPLE_SEMICOLON = "example_semicolon", _("After the value of %(code)s a “;” is missing.")
    EXAMPLE_VALUE_MISSING = "example_value_missing", _("The value of %(code)s is missing.")
    EXAMPLE_CHOICES = "example_choices", _("The choices of %(code)s stand in brackets: ('night', 'hazardous').")
