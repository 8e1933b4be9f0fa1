"""Files that show what was found or what was done: add and remove. Rights are the caller's."""

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.findings.enums import FindingState
from assessments.findings.models import ActionFile, Finding
from assessments.findings.services.following import note_deed
from portal.accounts.models import User
from portal.files.services import store_upload
from portal.lib.errors import DomainError

MOST_FILES = 30
LONGEST_NOTE = 300


def add_action_file(*, finding: Finding, upload: "File[bytes]", note: str, actor: User) -> ActionFile:
    """Store an uploaded file and put it beside the finding; the same file twice stays one.

    A picture is kept without what it says of place, time and device.

    Raises DomainError with a sentence for a file that is refused, for too many, and once the finding is settled.
    """
    if finding.is_settled:
        raise DomainError(_("This finding is settled. It takes no more files."), code="settled")
    if finding.files.count() >= MOST_FILES:
        message = _("A finding takes at most %(most)d files. Remove one, or combine several in one PDF.")
        raise DomainError(message % {"most": MOST_FILES}, code="too_many")
    here = finding.site.organisation_id
    stored = store_upload(upload, organisation_id=here, actor=actor, keep_metadata=False)
    with transaction.atomic():
        row, created = ActionFile.objects.get_or_create(
            finding=finding, file=stored, defaults={"note": note.strip()[:LONGEST_NOTE], "added_by": actor}
        )
        if created:
            note_deed("add_action_file", finding, actor, name=stored.name)
    return row


@transaction.atomic
def remove_action_file(*, row: ActionFile, actor: User) -> None:
    """Take a file away from beside a finding; what was handed over to be verified stays."""
    finding = row.finding
    if finding.is_settled or finding.state == FindingState.DONE:
        message = _("Files that were handed over to be verified stay. Add another one instead.")
        raise DomainError(message, code="handed_over")
    note_deed("remove_action_file", finding, actor, name=row.file.name)
    row.delete()
