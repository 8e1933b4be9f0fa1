"""Choices of stored files."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FileKind(TextChoices):
    """What a stored file is for."""

    UPLOAD = "upload", _("Upload")
    REPORT = "report", _("Report")
    EXPORT = "export", _("Export")


class ScanState(TextChoices):
    """What the virus scan said."""

    SKIPPED = "skipped", _("Checked by content")
    WAITING = "waiting", _("Checking")
    CLEAN = "clean", _("Checked")
    REFUSED = "refused", _("Refused")
