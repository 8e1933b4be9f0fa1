"""What can be wrong with the shape of a document and its files: each place by itself."""

from assessments.questionnaires.core.codes import Code
from assessments.questionnaires.core.codes import gettext_noop as _


class ShapeCode(Code):
    # ---- files
    FILE_CLOSED = "file_closed", _("The file cannot be opened: %(error)s.")
    NOT_UTF8 = "not_utf8", _("The file is not UTF-8 text. Save it as UTF-8.")
    YAML_BROKEN = "yaml_broken", _("The YAML is broken in line %(at_line)s, column %(at_column)s: %(error)s.")
    YAML_UNREADABLE = "yaml_unreadable", _("The YAML cannot be read: %(error)s.")
    NOT_STORED = "not_stored", _("This is no stored document: %(error)s.")
    MISNAMED_FILE = (
        "misnamed_file",
        _("The file is named %(name)s. Name it after its language."),
    )
    UNKNOWN_PACK = "unknown_pack", _("There is no pack %(pack)s beside this one.")
    NO_SUCH_USE = "no_such_use", _("There is no such question. Name it as CODE or PACK/CODE.")
    FIXED_FIELD = "fixed_field", _("“%(field)s” belongs to the question itself; change it in %(pack)s.")
    # ---- maps, lists and plain values
    NOT_A_MAP = "not_a_map", _("Expected a map here, found %(found)s.")
    NOT_A_LIST = "not_a_list", _("Expected a list here, found %(found)s.")
    UNKNOWN_KEY = "unknown_key", _("“%(key)s” means nothing here.")
    MISSING = "missing", _("This is needed.")
    NOT_A_STRING = "not_a_string", _("Expected text, found %(found)s.")
    NUMBER_AS_STRING = "number_as_string", _("Expected text, found %(found)s; put it in quotes.")
    NOT_LISTED = "not_listed", _("Expected one of %(listed)s; found %(found)s.")
    NOT_A_BOOLEAN = "not_a_boolean", _("Expected true or false, found %(found)s.")
    NOT_A_NUMBER = "not_a_number", _("Expected a number, found %(found)s.")
    OUT_OF_RANGE = "out_of_range", _("Expected %(low)s to %(high)s, found %(found)s.")
    TOO_DEEP = "too_deep", _("This is nested too deep. Make it simpler.")
    NOT_DATA = "not_data", _("%(found)s cannot stand here. Write text, a number, true or false.")
    NOT_ANSWERS = (
        "not_answers",
        _("Expected answers here: a map of question codes, e.g. {A3-LONGEST-WEEK: 61}."),
    )
    # ---- codes
    BAD_DOCUMENT_CODE = (
        "bad_document_code",
        _("“%(value)s” is no code of a questionnaire. Use small letters, digits and dashes, such as my-questions."),
    )
    BAD_SECTION_CODE = (
        "bad_section_code",
        _("“%(value)s” is no code of a section. Use capitals and digits, a letter first, such as A3."),
    )
    BAD_QUESTION_CODE = (
        "bad_question_code",
        _("“%(value)s” is no code of a question or flag. Use capitals with a dash, such as A3-LONGEST-WEEK."),
    )
    BAD_CHOICE_CODE = (
        "bad_choice_code",
        _("“%(value)s” is no code here. Use the letters A to Z, digits, dashes and underscores, no blanks."),
    )
    # ---- texts and languages
    TEXT_MISSING = "text_missing", _("This text is needed.")
    DEFAULT_TEXT_MISSING = "default_text_missing", _("The text in “%(language)s” is needed.")
    NOT_A_TEXT = "not_a_text", _("Expected a text, found %(found)s.")
    NUMBER_AS_TEXT = "number_as_text", _("Expected a text, found %(found)s; put it in quotes.")
    NO_SUCH_TEXT = "no_such_text", _("The document has no such text. Remove the translation.")
    BAD_CHARACTERS = "bad_characters", _("Remove the control characters from this text.")
    BAD_LANGUAGE = "bad_language", _("%(found)s is no language code, e.g. en, ja, zh-Hans, th.")
    UNLISTED_LANGUAGE = (
        "unlisted_language",
        _("“%(language)s” is not listed under “languages”. List it there, or remove its texts."),
    )
