"""Files of an audit: photos and papers behind a checkpoint, the firm's own report, the signed acknowledgement."""

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.audits.enums import RELEASED_STATES, WRITING_STATES, AuditState, FileUse
from assessments.audits.models import Audit, AuditFile
from assessments.audits.queries import programme_of
from assessments.audits.services.concluding import UnknownCheckpointError, closed_error
from portal.accounts.models import User
from portal.files.models import StoredFile
from portal.files.services import store_upload
from portal.lib.errors import DomainError
from portal.trail.services import record

MOST_FILES = 30
PAPER_KINDS = frozenset({"application/pdf"})
SIGNED_KINDS = PAPER_KINDS | {"image/jpeg", "image/png", "image/webp"}
BEFORE_RELEASE = (*WRITING_STATES, AuditState.FEEDBACK, AuditState.QUALITY_CHECK)
# A report often comes days after the release, an acknowledgement never leaves before it.
TAKEN_IN: dict[str, tuple[AuditState, ...]] = {
    FileUse.EVIDENCE: WRITING_STATES,
    FileUse.ACKNOWLEDGEMENT: BEFORE_RELEASE,
    FileUse.REPORT: (*BEFORE_RELEASE, *RELEASED_STATES),
}


def add_audit_file(*, audit: Audit, upload: "File[bytes]", use: str, actor: User, checkpoint: str = "") -> AuditFile:
    """Store a file of an audit, pictures without what they say of place and time; the same file twice stays one.

    Raises DomainError with a sentence for a file that is refused, ClosedError when the audit takes none of this use.
    """
    check_use(audit, use, checkpoint)
    stored = store_upload(upload, organisation_id=audit.firm_id, actor=actor, keep_metadata=False)
    check_kind(use, stored)
    return attach_file(audit, stored, use, checkpoint, actor)


@transaction.atomic
def attach_file(audit: Audit, stored: StoredFile, use: str, checkpoint: str, actor: User) -> AuditFile:
    """Put a stored file to an audit, once."""
    lock_taking(audit, use)
    rows = AuditFile.objects.filter(audit=audit, use=use, checkpoint=checkpoint)
    known = rows.filter(file=stored).first()
    if known is not None:
        return known
    if rows.count() >= MOST_FILES:
        message = _("There are %(most)d files here already. Remove one, or combine several in one PDF.")
        raise DomainError(message % {"most": MOST_FILES}, code="too_many")
    row = AuditFile.objects.create(audit=audit, file=stored, use=use, checkpoint=checkpoint, added_by=actor)
    note("add_audit_file", row, actor)
    return row


@transaction.atomic
def remove_audit_file(*, row: AuditFile, actor: User) -> None:
    """Take a file from an audit that is not released; the stored file itself stays."""
    lock_taking(row.audit, row.use)
    if row.audit.state in RELEASED_STATES:
        raise closed_error(row.audit)
    note("remove_audit_file", row, actor)
    row.delete()


def lock_taking(audit: Audit, use: str) -> None:
    """Lock the audit until the end of the transaction; raises ClosedError when it takes no file of this use now."""
    audit.state = Audit.objects.select_for_update().values_list("state", flat=True).get(pk=audit.pk)
    if audit.state not in TAKEN_IN[use]:
        raise closed_error(audit)


def check_use(audit: Audit, use: str, checkpoint: str) -> None:
    """Refuse a use there is none of, and a checkpoint the programme does not have."""
    if use not in TAKEN_IN:
        raise DomainError(_("Choose what the file is: evidence, the report or the acknowledgement."), code="use")
    if (use == FileUse.EVIDENCE) != bool(checkpoint):
        raise DomainError(_("Evidence stands behind one checkpoint; other files behind none."), code="checkpoint")
    if checkpoint and checkpoint not in programme_of(audit.programme).by_code:
        message = _("The programme of this audit has no checkpoint %(code)s.")
        raise UnknownCheckpointError(message % {"code": checkpoint}, code="not_found")
    if audit.state not in TAKEN_IN[use]:
        raise closed_error(audit)


def check_kind(use: str, stored: StoredFile) -> None:
    """Refuse a report that is no PDF and an acknowledgement that is neither PDF nor picture."""
    if use == FileUse.REPORT and stored.content_type not in PAPER_KINDS:
        raise DomainError(_("The report has to be a PDF. Save it as PDF and upload that."), code="not_pdf")
    if use == FileUse.ACKNOWLEDGEMENT and stored.content_type not in SIGNED_KINDS:
        message = _("The acknowledgement has to be a PDF or a picture. Scan it or take a photo and upload that.")
        raise DomainError(message, code="not_pdf")


def note(deed: str, row: AuditFile, actor: User) -> None:
    """Leave a trace at the site whose audit it is."""
    record(
        deed,
        actor=actor,
        thing=row.audit,
        organisation_id=row.audit.site.organisation_id,
        name=row.file.name,
        use=str(row.get_use_display()),
        checkpoint=row.checkpoint,
    )
