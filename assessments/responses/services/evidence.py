"""Files behind answers: add, take from earlier ones, remove; and who takes care of a section."""

from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.questionnaires.queries import document_of
from assessments.responses.enums import ResponseState
from assessments.responses.lifecycle import advance
from assessments.responses.models import Evidence, Response, SectionAssignment
from assessments.responses.queries import colleagues_of, measure_marks, read_marks, reusable_files
from assessments.responses.services.answers import UnknownQuestionError, lock_editable, write_progress
from portal.accounts.models import User
from portal.files.models import StoredFile
from portal.files.services import store_upload
from portal.lib.errors import DomainError

MOST_FILES = 20


def add_evidence(*, response: Response, code: str, upload: "File[bytes]", actor: User) -> Evidence:
    """Store an uploaded file and put it behind an answer.

    Raises DomainError with a sentence for a file that is refused, a question without files, or too many files.
    """
    check_takes_files(response, code)
    stored = store_upload(upload, organisation_id=response.site.organisation_id, actor=actor)
    return attach_file(response=response, code=code, stored=stored, actor=actor)


def reuse_evidence(*, response: Response, code: str, file_id: str | UUID, actor: User) -> Evidence:
    """Put a file the organisation handed in before behind an answer; raises DomainError for any other file."""
    check_takes_files(response, code)
    stored = reusable_files(response, code).filter(pk=file_id).first()
    if stored is None:
        raise DomainError(_("This file cannot be used here. Choose one from the list."), code="file")
    return attach_file(response=response, code=code, stored=stored, actor=actor)


@transaction.atomic
def attach_file(*, response: Response, code: str, stored: StoredFile, actor: User) -> Evidence:
    """Put a stored file behind an answer and count again; the same file twice stays one."""
    lock_editable(response)
    if Evidence.objects.filter(response=response, code=code).count() >= MOST_FILES:
        message = _("A question takes at most %(most)d files. Remove one, or combine several in one PDF.")
        raise DomainError(message % {"most": MOST_FILES}, code="too_many")
    row, _created = Evidence.objects.get_or_create(
        response=response, code=code, file=stored, defaults={"added_by": actor}
    )
    _count_again(response, actor)
    return row


@transaction.atomic
def remove_evidence(*, evidence: Evidence, actor: User) -> None:
    """Take a file from behind an answer. The file itself stays: submissions may name it."""
    response = evidence.response
    lock_editable(response)
    evidence.delete()
    _count_again(response, actor)


def check_takes_files(response: Response, code: str) -> None:
    """Refuse a question that does not exist or takes no files."""
    document = document_of(response.version)
    if code not in document.positions:
        raise UnknownQuestionError(_("This questionnaire has no question %(code)s.") % {"code": code})
    if not document.question(code).takes_files:
        raise DomainError(_("This question takes no files."), code="no_files")


def _count_again(response: Response, actor: User) -> None:
    standing = measure_marks(document_of(response.version), read_marks(response.pk))
    if response.state == ResponseState.WAITING:
        advance(response, ResponseState.IN_PROGRESS, actor=actor)
    write_progress(response, standing)


@transaction.atomic
def assign_section(*, response: Response, section: str, user: User | None, actor: User) -> None:
    """Give a section to a colleague, or to nobody; raises DomainError for a person who cannot answer."""
    if section not in {one.code for one in document_of(response.version).sections}:
        raise DomainError(_("This questionnaire has no such section."), code="section")
    rows = SectionAssignment.objects.filter(response=response, section=section)
    if user is None:
        rows.delete()
        return
    if not colleagues_of(response).filter(pk=user.pk).exists():
        message = _("Only people of your team who may answer can take a section. Invite them to the team first.")
        raise DomainError(message, code="not_a_colleague")
    SectionAssignment.objects.update_or_create(response=response, section=section, defaults={"user": user})
