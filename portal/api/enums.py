"""What a token may be allowed to do."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Scope(TextChoices):
    """One scope per resource and per kind of writing; relationships go with organisations, campaigns with requests."""

    ORGANISATIONS = "read:organisations", _("Organisations and relationships with their vendor codes")
    SITES = "read:sites", _("Sites")
    REQUESTS = "read:requests", _("Campaigns and requests")
    SUBMISSIONS = "read:submissions", _("Submissions with their answers")
    SCORES = "read:scores", _("Scores with what every question did to them")
    FLAGS = "read:flags", _("Flags")
    FINDINGS = "read:findings", _("Findings and corrective actions")
    AUDITS = "read:audits", _("Audits with what was concluded")
    DECLARATIONS = "read:declarations", _("Declarations of minerals and what the company declares itself")
    SMELTERS = "read:smelters", _("Smelters with their statuses and names")
    WRITE_FINDINGS = "write:findings", _("Write conclusions of audits you may write in")
    WRITE_DECLARATIONS = "write:declarations", _("Enter declarations of your suppliers")
