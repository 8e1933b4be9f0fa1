"""What can be wrong with the value of an answer, said to whoever writes a questionnaire.

Rooms above say it in other words to whoever answers.
"""

from assessments.questionnaires.core.codes import Code
from assessments.questionnaires.core.codes import gettext_noop as _


class ValueCode(Code):
    NOT_A_CHOICE = "not_a_choice", _("“%(value)s” is not one of the choices.")
    NOT_CHOICES = "not_choices", _("“%(value)s” is not a list of choices.")
    EXCLUSIVE_CHOICE = "exclusive_choice", _("“%(choice)s” cannot be chosen together with others.")
    NOT_A_NUMBER = "not_a_number", _("“%(value)s” is not a number.")
    NOT_WHOLE = "not_whole", _("%(value)s is not a whole number.")
    TOO_MANY_DECIMALS = "too_many_decimals", _("%(value)s has more than %(decimals)s decimals.")
    TOO_LOW = "too_low", _("%(value)s is below %(min)s.")
    TOO_HIGH = "too_high", _("%(value)s is above %(max)s.")
    NOT_A_DATE = "not_a_date", _("“%(value)s” is not a date; write YYYY-MM-DD.")
    DATE_OUT_OF_RANGE = "date_out_of_range", _("“%(value)s” lies outside the years %(first)s to %(last)s.")
    NOT_TEXT = "not_text", _("“%(value)s” is not text.")
    TOO_LONG = "too_long", _("The text has %(length)s characters; %(max)s are the most.")
    NOT_A_TABLE = "not_a_table", _("“%(value)s” is not a table; write a number for each row.column.")
    UNKNOWN_CELL = "unknown_cell", _("The table has no cell “%(cell)s”.")
    NO_VALUE = "no_value", _("This question takes files, not a value.")
    # Within a head-count table NOT_A_NUMBER, NOT_WHOLE, TOO_LOW and TOO_HIGH also name `cell`.
