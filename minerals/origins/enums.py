"""What a company's list of risky areas is, and how bad an area is."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ListKind(TextChoices):
    """What a list of areas speaks of. Of each kind the newest list at a date applies."""

    CAHRA = "cahra", _("Conflict-affected and high-risk areas")
    RED_FLAG = "red_flag", _("Red flag locations of origin and transit")
    SANCTION = "sanction", _("Sanctions")
    OTHER = "other", _("Other list of risky areas")


class AreaGrade(TextChoices):
    """How bad an area is by the company's own judgement."""

    HIGH = "high", _("High risk")
    ELEVATED = "elevated", _("Elevated risk")
    WATCH = "watch", _("Watched")
