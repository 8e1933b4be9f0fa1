"""What a figure of the roll-up rests on."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from minerals.templates_io.enums import Word

# A figure is one of the words of the templates, or one of these two.
OPEN = "open"
NOT_ASKED = ""


class Rule(TextChoices):
    """How the answers of many suppliers become one; see "Roll-up" in docs/minerals.md."""

    USED = "used", _("One supplier who says Yes makes it Yes. It is No only when all have answered No.")
    RISK = "risk", _("One supplier who says Yes makes it Yes. A doubt or a missing answer makes it Unknown.")
    EVERY = "every", _("It is Yes only when every supplier says Yes. One No makes it No.")
    SHARE = (
        "share",
        _("The share of relevant suppliers who have answered. What suppliers say of their own is not used."),
    )
    IDENTIFIED = (
        "identified",
        _("It is Yes only when every relevant supplier has answered and says Yes, and every smelter is identified."),
    )
    REPORTED = (
        "reported",
        _("It is Yes only when every smelter that was received is in the list or was rejected with a reason."),
    )


class Reason(TextChoices):
    """Why a figure is what it is."""

    NOT_ASKED = "not_asked", _("Not asked, because the mineral is not used.")
    NOBODY = "nobody", _("No supplier was asked yet.")
    SOME_YES = "some_yes", _("At least one supplier says Yes.")
    ALL_NO = "all_no", _("All suppliers say No.")
    ALL_YES = "all_yes", _("All suppliers say Yes.")
    SOME_NO = "some_no", _("At least one supplier says No.")
    SILENT = "silent", _("Not every supplier has answered.")
    DOUBT = "doubt", _("At least one supplier does not know or does not say.")
    QUARANTINE = "quarantine", _("At least one smelter name is not decided yet.")
    UNIDENTIFIED = "unidentified", _("At least one supplier has smelters that are not identified.")
    FORCED = "forced", _("Yes, because the question before it is Yes.")
    COUNTED = "counted", _("Counted from who has answered.")
    ALL_LISTED = "all_listed", _("Every smelter that was received is in the list or was rejected with a reason.")


class Recycled(TextChoices):
    """Whether a smelter's material is recycled, from all who name it."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    MIXED = "mixed", pgettext_lazy("recycled", "Mixed")
    UNKNOWN = "unknown", _("Unknown")


class Sight(TextChoices):
    """Whose answers stand behind a figure."""

    ALL = "all", _("All answers")
    SILENT = "silent", _("Not answered")


# The word of a figure on a page, and the tone it is shown in.
FIGURE_LABELS = {**{word.value: word.label for word in Word}, OPEN: pgettext_lazy("figure", "Open")}
