"""Severities, sources and states of findings."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Severity(TextChoices):
    """How bad it is, worst first."""

    PRIORITY = "priority", _("Priority")
    MAJOR = "major", _("Major")
    MINOR = "minor", _("Minor")


class Source(TextChoices):
    """Where a finding came from."""

    FLAG = "flag", _("Self-assessment")


class FindingState(TextChoices):
    """Open until somebody closes it with a reason, or the answer behind it is corrected."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class CloseReason(TextChoices):
    """Why a finding was closed."""

    MENDED = "mended", _("Mended and checked")
    CORRECTED = "corrected", _("The answer was corrected")
    NEWER = "newer", _("A newer self-assessment no longer shows it")
    NOT_CONFIRMED = "not_confirmed", _("Not confirmed")
