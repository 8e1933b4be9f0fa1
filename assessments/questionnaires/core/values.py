"""What can be wrong with the value of an answer, said to whoever answers and to whoever writes an example."""

from assessments.questionnaires.core.codes import Code
from assessments.questionnaires.core.codes import gettext_noop as _


class ValueCode(Code):
    NOT_A_CHOICE = "not_a_choice", _("“%(value)s” is not one of the choices. Choose one from the list.")
    NOT_CHOICES = "not_choices", _("“%(value)s” is not a list of choices. Choose from the list.")
    EXCLUSIVE_CHOICE = "exclusive_choice", _("“%(choice)s” excludes the other choices. Choose it alone, or not at all.")
    NOT_A_NUMBER = "not_a_number", _("“%(value)s” is not a number. Enter digits only, for example 48 or 48.5.")
    NOT_WHOLE = "not_whole", _("%(value)s is not a whole number. Round it.")
    TOO_MANY_DECIMALS = "too_many_decimals", _("%(value)s has too many decimals. Round it to %(decimals)s.")
    TOO_LOW = "too_low", _("%(value)s is too low. Enter %(min)s or more.")
    TOO_HIGH = "too_high", _("%(value)s is too high. Enter %(max)s or less.")
    NOT_A_DATE = "not_a_date", _("“%(value)s” is not a date. Write year-month-day, for example 2026-03-31.")
    DATE_OUT_OF_RANGE = (
        "date_out_of_range",
        _("%(value)s lies outside the years %(first)s to %(last)s. Check the year."),
    )
    NOT_TEXT = "not_text", _("This cannot be read as text. Write it again.")
    TOO_LONG = "too_long", _("The text has %(length)s characters. Shorten it to %(max)s.")
    NOT_A_TABLE = "not_a_table", _("This is not a table of people. Enter one number per cell.")
    UNKNOWN_CELL = "unknown_cell", _("The table has no cell “%(cell)s”. Use the cells of the question.")
    NO_VALUE = "no_value", _("This question takes files. Attach a file instead.")
    # Within a head-count table NOT_A_NUMBER, NOT_WHOLE, TOO_LOW and TOO_HIGH also name `cell`.
