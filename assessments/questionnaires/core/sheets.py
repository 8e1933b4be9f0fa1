"""What can be wrong with the sheets of a workbook: heads, rows and cells."""

from assessments.questionnaires.core.codes import Code
from assessments.questionnaires.core.codes import gettext_noop as _


class SheetCode(Code):
    # ---- sheets and heads
    NO_SHEET = "no_sheet", _("The workbook has no visible sheet “%(sheet)s”.")
    NO_HEAD = "no_head", _("The sheet “%(sheet)s” needs a head with the columns %(columns)s.")
    NO_COLUMN = "no_column", _("There is no column “%(column)s”; add it.")
    UNKNOWN_COLUMN = "unknown_column", _("The column %(found)s means nothing here.")
    HEAD_LANGUAGE = "head_language", _("The head %(found)s cannot be read: write label::Japanese (ja).")
    HEAD_NO_LANGUAGE = "head_no_language", _("The head %(found)s cannot be read: this column has no languages.")
    DOUBLE_COLUMN = (
        "double_column",
        _("This column stands twice, in %(other)s too. Keep one, and merge no cells of the head."),
    )
    COLUMN_LANGUAGE = (
        "column_language",
        _("The settings do not list the language “%(language)s”. List it there or remove this column."),
    )
    HEADLESS_CELL = "headless_cell", _("This column has no head. Name the column or empty its cells.")
    # ---- settings
    NO_SETTINGS = "no_settings", _("The sheet “settings” needs one row under its head.")
    SECOND_ROW = "second_row", _("The sheet “settings” has one row only; remove this one.")
    NO_EXTENDS = "no_extends", _("Say in “extends” which questionnaire this version is of.")
    NO_BASE = "no_base", _("There is no published questionnaire %(base)s that this one could extend.")
    LANGUAGE_NAME = "language_name", _("%(found)s is no language; write it as %(example)s.")
    # ---- sections
    TYPE_MISSING = "type_missing", _("The type is missing; it is one of %(listed)s.")
    NESTED = "nested", _("The section of row %(row)s is still open; end it with end_group first.")
    NOT_OPEN = "not_open", _("There is no open section here; remove this row.")
    NOT_ENDED = "not_ended", _("This section is not ended; add a row with the type end_group after its last question.")
    NO_SECTION = "no_section", _("This question stands in no section; put a row begin_group before it.")
    SECTION_FIELD = "section_field", _("A section has no “%(field)s”; give it to its questions.")
    SECTION_NAME = "section_name", _("The name of a section is short and in capitals, such as A3.")
    QUESTION_NAME = "question_name", _("The name of a question is in capitals with a dash, such as A3-LONGEST-WEEK.")
    DOUBLE_NAME = "double_name", _("The name %(found)s stands in row %(row)s already. Take another one.")
    # ---- questions
    UNKNOWN_TYPE = "unknown_type", _("The type %(found)s means nothing here.")
    YES_NO_MULTIPLE = "yes_no_multiple", _("The list yes_no holds one answer; write select_one yes_no.")
    APPEARANCE = "appearance", _("%(found)s means nothing for %(type)s. Empty the cell.")
    PLAIN_APPEARANCE = (
        "plain_appearance",
        _("%(found)s means nothing for %(type)s; use percentage (numbers) or headcount (text)."),
    )
    NO_TABLE = "no_table", _("“%(field)s” stands beside text with the appearance headcount only.")
    INTEGER_DECIMALS = "integer_decimals", _("An integer has no decimals; write the type decimal.")
    LIST_MISSING = "list_missing", _("Name the list here.")
    UNKNOWN_LIST = "unknown_list", _("There is no list %(found)s on the sheet “choices”.")
    NOT_KEPT = "not_kept", _("The portal words this message itself; empty the cell.")
    NO_WARN_IF = "no_warn_if", _("Say when this note shows, or empty the cells of “warn”.")
    NOT_YES_OR_NO = "not_yes_or_no", _("Expected yes or no, found %(found)s.")
    # ---- choices and flags
    LIST_NAME_MISSING = "list_name_missing", _("The name of the list is missing.")
    DOUBLE_CHOICE = (
        "double_choice",
        _("The choice %(found)s stands in row %(row)s of this list already. Take another code."),
    )
    DOUBLE_FLAG = "double_flag", _("The code %(found)s stands in row %(row)s already. Take another one.")
    WHEN_MISSING = "when_missing", _("Say when the flag is raised, such as ${A3-LONGEST-WEEK} > 60.")
