"""What a token may be allowed to read."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Scope(TextChoices):
    """One scope per resource; relationships go with organisations, campaigns with requests."""

    ORGANISATIONS = "read:organisations", _("Organisations and relationships with their vendor codes")
    SITES = "read:sites", _("Sites")
    REQUESTS = "read:requests", _("Campaigns and requests")
    SUBMISSIONS = "read:submissions", _("Submissions with their answers")
    SCORES = "read:scores", _("Scores with what every question did to them")
    FLAGS = "read:flags", _("Flags")
    FINDINGS = "read:findings", _("Findings")
