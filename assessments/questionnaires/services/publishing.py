"""Bringing a pack in and publishing a version."""

from collections.abc import Collection
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.questionnaires.document import (
    Document,
    DocumentErrors,
    document_hash,
    dump_json,
    read_pack,
)
from assessments.questionnaires.enums import VersionState
from assessments.questionnaires.models import Questionnaire, QuestionnaireVersion
from assessments.questionnaires.reports import list_problems
from portal.accounts.models import User
from portal.lib.errors import ConflictError, DomainError
from portal.trail.services import record
from suppliers.organisations.models import Organisation


def import_pack(
    path: Path,
    *,
    owner: Organisation | None,
    actor: User | None,
    provisions: Collection[str] | None = None,
) -> QuestionnaireVersion:
    """Read a pack and keep it as a draft version; the same content again returns the version there is.

    A draft of the same number is replaced; a published one never changes: raises DomainError.
    """
    try:
        document = read_pack(path, provisions)
    except DocumentErrors as errors:
        message = _("The questionnaire has errors. Correct them and import it again.")
        raise DomainError(message, code="document", detail=list_problems(errors.problems)) from errors
    return store_document(document, owner=owner, actor=actor)


@transaction.atomic
def store_document(
    document: Document,
    *,
    owner: Organisation | None,
    actor: User | None,
    base: QuestionnaireVersion | None = None,
) -> QuestionnaireVersion:
    """Keep a checked document as a draft version, as `import_pack` does; `base` is the version it extends."""
    line, _created = Questionnaire.objects.get_or_create(code=document.code, owner=owner)
    sha256 = document_hash(document)
    # Locked, so that nobody publishes the draft between this look and the writing.
    standing = line.versions.select_for_update().filter(version=document.version).first()
    if standing is not None and standing.sha256 == sha256:
        return standing
    if standing is not None and standing.state != VersionState.DRAFT:
        message = _(
            "Version %(version)s of this questionnaire is published and cannot change. "
            "Give the new text another version number."
        )
        raise DomainError(message % {"version": document.version}, code="published")
    version = standing or QuestionnaireVersion(questionnaire=line, version=document.version)
    version.title = dict(document.title)
    version.document = dump_json(document).decode()
    version.sha256 = sha256
    version.base = base
    version.created_by = actor
    try:
        with transaction.atomic():
            version.save()
    except IntegrityError as error:
        raise ConflictError(_("Somebody else is importing this version now. Try again.")) from error
    record("import_questionnaire", actor=actor, thing=version, organisation_id=line.owner_id, sha256=sha256)
    return version


@transaction.atomic
def publish_version(
    version: QuestionnaireVersion, *, actor: User | None, retire_earlier: bool = False
) -> QuestionnaireVersion:
    """Make a draft version sendable; from now on it never changes. A published one stays as it is.

    With `retire_earlier` the earlier versions can be sent no more; what was sent of them goes on.
    """
    if version.state == VersionState.PUBLISHED:
        return version
    now = timezone.now()
    draft = QuestionnaireVersion.objects.filter(pk=version.pk, state=VersionState.DRAFT, sha256=version.sha256)
    won = draft.update(state=VersionState.PUBLISHED, published_at=now)
    if not won:
        raise ConflictError(_("This version was changed or retired meanwhile. Reload the page."))
    version.state, version.published_at = VersionState.PUBLISHED.value, now
    owner_id = version.questionnaire.owner_id
    record("publish_version", actor=actor, thing=version, organisation_id=owner_id, sha256=version.sha256)
    if retire_earlier:
        retire_versions_before(version, actor=actor)
    return version


@transaction.atomic
def retire_version(version: QuestionnaireVersion, *, actor: User | None) -> QuestionnaireVersion:
    """Take a published version out of use: it is sent no more, what was sent of it goes on. A retired one stays so.

    Raises ConflictError if it is a draft, or if somebody else was faster.
    """
    if version.state == VersionState.RETIRED:
        return version
    if not take_out_of_use(version, actor=actor):
        message = _("Only a published version can be taken out of use; this one is not published any more, or not yet.")
        raise ConflictError(message)
    return version


def retire_versions_before(version: QuestionnaireVersion, *, actor: User | None) -> None:
    """Make the other published versions of the same questionnaire unsendable; they stay readable."""
    published = QuestionnaireVersion.objects.filter(
        questionnaire=version.questionnaire_id, state=VersionState.PUBLISHED
    ).exclude(pk=version.pk)
    for earlier in published.select_related("questionnaire").defer("document"):
        take_out_of_use(earlier, actor=actor)


def take_out_of_use(version: QuestionnaireVersion, *, actor: User | None) -> bool:
    """Write the state and the trail if the version is published; return whether it was."""
    published = QuestionnaireVersion.objects.filter(pk=version.pk, state=VersionState.PUBLISHED)
    if not published.update(state=VersionState.RETIRED):
        return False
    version.state = VersionState.RETIRED.value
    owner_id = version.questionnaire.owner_id
    record("retire_version", actor=actor, thing=version, organisation_id=owner_id, version=version.version)
    return True
