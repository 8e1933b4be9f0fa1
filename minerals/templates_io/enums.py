"""What a template file can be, and how sure we are of what was read."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Template(TextChoices):
    """The RMI reporting templates. Names are facts and stay in English."""

    CMRT = "CMRT", "CMRT"
    EMRT = "EMRT", "EMRT"
    AMRT = "AMRT", "AMRT"
    PRT = "PRT", "PRT"
    CRT = "CRT", "CRT"


# What a buyer asks for today; PRT became AMRT and CRT became EMRT.
ASKED_TEMPLATES = (Template.CMRT, Template.EMRT, Template.AMRT)


class Tier(TextChoices):
    """What the answers of a file were found by, from the most to the least certain."""

    LABELS = "labels", _("Labels in the file")
    KEYS = "keys", _("The file's own list of labels")
    FIXED = "fixed", _("Known cells of this version")


class Grade(TextChoices):
    """How bad an issue in a file is."""

    ERROR = "error", _("Error")
    FLAG = "flag", _("Red flag")
    WARNING = "warning", _("Warning")
    INFO = "info", _("Note")


class ScopeKind(TextChoices):
    """What a declaration speaks of, whatever letter its version uses."""

    COMPANY = "company", _("Whole company")
    PRODUCTS = "products", _("Listed products")
    CUSTOM = "custom", _("User defined")
    UNKNOWN = "", _("Not stated")


class Word(TextChoices):
    """Answers in one vocabulary, that of CMRT 6.5 and EMRT 2.1; what is none of these is OTHER."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Unknown")
    NOT_DECLARING = "not_declaring", _("Not declaring")
    NOT_SURVEYED = "not_surveyed", _("Did not survey")
    REGION_ONLY = "region_only", _("Only from the named countries")
    ALL = "all", "100 %"
    OVER_90 = "over_90", _("More than 90 per cent")
    OVER_75 = "over_75", _("More than 75 per cent")
    OVER_50 = "over_50", _("More than 50 per cent")
    UP_TO_50 = "up_to_50", _("50 per cent or less")
    NONE = "none", pgettext_lazy("share of suppliers", "None")
    ASK = "ask", _("Not asked in this version")
    OTHER = "other", _("Other answer")
