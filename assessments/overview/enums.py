"""What reports tell apart."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Outcome(TextChoices):
    """What became of a corrective action by its day."""

    ON_TIME = "on_time", _("Done on time")
    LATE = "late", _("Done late")
    OVERDUE = "overdue", _("Overdue")
    OPEN = "open", _("Not due yet")
    LEFT_OUT = "left_out", _("Settled otherwise")


class Figure(StrEnum):
    """The figures of a GRI disclosure; each opens a list of suppliers."""

    ASSESSED = "assessed"
    IMPACTS = "impacts"
    ACTUAL = "actual"
    POTENTIAL = "potential"
    AGREED = "agreed"
    ENDED = "ended"
    NEW = "new"
    SCREENED = "screened"
