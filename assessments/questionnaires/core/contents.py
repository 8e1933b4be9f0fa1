"""What can be wrong between the parts of a document, each of which is well formed."""

from assessments.questionnaires.core.codes import Code
from assessments.questionnaires.core.codes import gettext_noop as _


class ContentCode(Code):
    # ---- the whole
    EMPTY_DOCUMENT = "empty_document", _("A questionnaire needs at least one question.")
    EMPTY_SECTION = "empty_section", _("%(section)s holds no question. Add one or remove the section.")
    BANDS_ORDER = "bands_order", _("Write the bands from high risk to low, such as high < 60; medium < 85; low.")
    UNKNOWN_CODE_OF_CONDUCT = "unknown_code_of_conduct", _("There is no code of conduct “%(code)s”.")
    UNKNOWN_PROVISION = (
        "unknown_provision",
        _("The code of conduct has no provision %(provision)s. Write one that it has, such as A3."),
    )
    # ---- codes that stand twice
    DUPLICATE_LANGUAGE = "duplicate_language", _("The language %(code)s stands %(times)s times. Keep one.")
    DUPLICATE_SECTION = "duplicate_section", _("The section %(code)s stands %(times)s times. Rename or merge.")
    DUPLICATE_QUESTION = (
        "duplicate_question",
        _("The question %(code)s stands %(times)s times. Rename all but one."),
    )
    DUPLICATE_FLAG = "duplicate_flag", _("The flag %(code)s stands %(times)s times. Rename all but one.")
    DUPLICATE_BAND = "duplicate_band", _("The band %(code)s stands %(times)s times. Keep one.")
    DUPLICATE_CHOICE = "duplicate_choice", _("The choice %(code)s stands %(times)s times. Rename all but one.")
    DUPLICATE_ROW = "duplicate_row", _("The row %(code)s stands %(times)s times. Rename all but one.")
    DUPLICATE_COLUMN = "duplicate_column", _("The column %(code)s stands %(times)s times. Rename all but one.")
    RESERVED_CODE = "reserved_code", _("“total” is kept for the sum of the table; take another code.")
    # ---- the kind of a question and its fields
    FIELD_KIND = "field_kind", _("“%(field)s” means nothing for the kind %(kind)s. Remove it, or change the kind.")
    TOO_FEW_CHOICES = "too_few_choices", _("The kind %(kind)s needs choices, %(fewest)s at least.")
    TABLE_LISTS = "table_lists", _("A head-count table needs rows and columns.")
    PERCENT_LIMITS = "percent_limits", _("The limits of a percentage lie within 0 and 100.")
    LIMITS_ORDER = "limits_order", _("The least value %(min)s must be below the greatest %(max)s.")
    # ---- points
    NEVER_COUNTED = (
        "never_counted",
        _("Points are given but the weight is 0, so they never count. Give a weight or remove the points."),
    )
    POINTS_RANGE = "points_range", _("Points of a single choice lie within 0 and 1.")
    STEPS_ORDER = (
        "steps_order",
        _("The limits of the steps ascend and the last has none, such as 48: 1; 60: 0.9; else: 0."),
    )
    NO_PROVISION = "no_provision", _("It is scored but names no provision. Name one.")
    NEVER_SCORED = "never_scored", _("The kind %(kind)s is never scored; remove the weight.")
    NO_POINTS = "no_points", _("Give “points” to every choice (0 to 1); missing for %(choices)s.")
    NO_STEPS = "no_steps", _("It has a weight, so say what every number earns, such as 48: 1; 60: 0.9; else: 0.")
    NO_YES_NO_POINTS = "no_yes_no_points", _("It has a weight, so say what yes and no earn, such as yes: 1; no: 0.")
    NO_DAY_POINTS = (
        "no_day_points",
        _("It has a weight, so say what a day to come and a day gone by earn, such as valid: 1; expired: 0."),
    )
    # ---- what conditions and placeholders name
    LATER_TRIGGER = "later_trigger", _("It shows by %(question)s, which must stand earlier. Move one of the two.")
    UNKNOWN_QUESTION = "unknown_question", _("There is no question %(question)s. Check the code.")
    NOT_COMPARABLE = "not_comparable", _("%(question)s and %(other)s cannot be compared: they are of two kinds.")
    OPERATOR_KIND = "operator_kind", _("“%(operator)s” does not fit %(question)s (%(kind)s); use %(fitting)s.")
    TIMES_KIND = "times_kind", _("“times” does not fit %(question)s (%(kind)s). Only numbers are multiplied.")
    CELL_KIND = "cell_kind", _("%(question)s is no table; remove the cell.")
    CELL_MISSING = "cell_missing", _("%(question)s is a table; say which cell is meant, such as total.")
    UNKNOWN_CELL = "unknown_cell", _("%(question)s has no cell “%(cell)s”. Write row.column, row, *.column or total.")
    UNKNOWN_CHOICE = "unknown_choice", _("%(question)s has no choice “%(choice)s”; it has %(choices)s.")
    NUMBER_COMPARED = "number_compared", _("%(question)s is a number, “%(value)s” is not. Compare it with a number.")
    DAY_COMPARED = "day_compared", _("%(question)s is a date, “%(value)s” is not. Write a day such as 2026-01-31.")
    BAD_PLACEHOLDER = "bad_placeholder", _("Curly brackets stand only around a code: {CODE} or {CODE.cell}.")
    PLACEHOLDERS_DIFFER = (
        "placeholders_differ",
        _("The codes in curly brackets differ from those of the text in “%(language)s”. Use the same."),
    )
    # ---- examples of flags; `unread` names the answers the rule could not read
    EXAMPLE_HOLDS = "example_holds", _("With these answers the rule holds, and it should not.")
    EXAMPLE_QUIET = "example_quiet", _("With these answers the rule does not hold, and it should.")
    EXAMPLE_UNDECIDED = "example_undecided", _("With these answers the rule cannot be decided.")
    EXAMPLE_VALUE = "example_value", _("%(question)s: %(fault)s")
    # ---- texts
    MISSING_TEXT = "missing_text", _("There is no text in “%(language)s”, the language everything is written in.")
    MISSING_TRANSLATION = "missing_translation", _("There is no text in “%(language)s”.")
    TERM_NEEDED = "term_needed", _("This term is needed.")
    TERM_WRONG = "term_wrong", _("“%(term)s” is %(word)s in “%(language)s”, not %(wrong)s.")
    TERM_LEFT_OUT = "term_left_out", _("“%(term)s” is %(word)s in “%(language)s”; the text does not have it.")
    # ---- documents out of documents
    NOT_IN_BASE = "not_in_base", _("%(base)s has no question %(question)s.")
    TAKEN_CODE = "taken_code", _("%(code)s stands in %(base)s already; take another code.")
    OTHER_CODE_OF_CONDUCT = (
        "other_code_of_conduct",
        _("An extension follows the code of conduct of its base, %(code)s. Write that, or leave it empty."),
    )
