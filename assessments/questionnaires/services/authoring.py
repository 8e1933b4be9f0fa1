"""Writing questionnaires of one's own: take a workbook as a draft, move an extension to a newer base, discard."""

import re
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.codes.document import UnknownCode, read_code
from assessments.questionnaires.document import (
    Document,
    DocumentErrors,
    Problem,
    all_texts,
    find_problems,
    own_source,
    parse_extension,
)
from assessments.questionnaires.enums import Gravity, VersionState
from assessments.questionnaires.models import Questionnaire, QuestionnaireVersion
from assessments.questionnaires.queries import document_of
from assessments.questionnaires.reports import list_problems
from assessments.questionnaires.services.publishing import store_document
from assessments.questionnaires.services.workbooks import read_questionnaire
from portal.accounts.models import User
from portal.lib.errors import ConflictError, DomainError
from portal.trail.services import record
from suppliers.organisations.models import Organisation

_LAST_NUMBER = re.compile(r"([0-9]+)(?!.*[0-9])")


@transaction.atomic
def upload_questionnaire(
    content: bytes, *, owner: Organisation, actor: User, drop_texts: bool = False
) -> QuestionnaireVersion:
    """Keep a workbook as a draft of the company; a draft of the same code and number is replaced.

    Raises DomainError: code "document" with detail [{place, code, message}] of the wrong cells, "published" for a
    number that cannot change any more, "standard" for the code of a standard questionnaire, and "texts" where the
    draft has translations that the workbook lacks, unless they may be dropped. Then nothing is kept.
    """
    read = read_questionnaire(content, owner=owner)
    code = read.document.code
    if Questionnaire.objects.filter(code=code, owner=None).exists():
        message = _(
            "“%(code)s” is the code of a standard questionnaire. Give yours a code of its own in the sheet “settings”. "
            "To add questions to the standard one, choose “Add your own questions” on its page."
        )
        raise DomainError(message % {"code": code}, code="standard")
    if not drop_texts:
        refuse_lost_texts(read.document, owner)
    return store_document(read.document, owner=owner, actor=actor, base=read.base)


def refuse_lost_texts(document: Document, owner: Organisation) -> None:
    """Refuse to replace a draft that speaks where the workbook is silent: somebody translated it meanwhile."""
    drafts = QuestionnaireVersion.objects.filter(state=VersionState.DRAFT, version=document.version)
    draft = drafts.select_for_update().filter(questionnaire__owner=owner, questionnaire__code=document.code).first()
    count = count_lost_texts(document_of(draft), document) if draft else 0
    if count:
        message = ngettext(
            "The draft has %(count)d text in a language in which your workbook has none. "
            "Download its workbook, write your changes there, and upload that.",
            "The draft has %(count)d texts in languages in which your workbook has none. "
            "Download its workbook, write your changes there, and upload that.",
            count,
        )
        raise DomainError(message % {"count": count}, code="texts")


def count_lost_texts(old: Document, new: Document) -> int:
    """Return how many texts stand in a language in the old document, and in the new one in other languages only."""
    texts = dict(all_texts(new))
    return sum(len(text.keys() - texts[place].keys()) for place, text in all_texts(old) if place in texts)


@transaction.atomic
def rebase_extension(version: QuestionnaireVersion, *, base: QuestionnaireVersion, actor: User) -> QuestionnaireVersion:
    """Set the own questions of an extension on a newer version of its base: a draft with the next number.

    Raises DomainError code "document" where they do not fit there: the base has a code of theirs now, or no longer
    a question they read.
    """
    if version.base is None or base.questionnaire_id != version.base.questionnaire_id:
        raise DomainError(_("This questionnaire does not extend that one."), code="base")
    if base.state != VersionState.PUBLISHED:
        raise DomainError(_("Only a published version can be extended."), code="base")
    own = own_source(document_of(version), document_of(version.base))
    own["version"] = next_number(version)
    target = document_of(base)
    try:
        document = parse_extension(target, own, provisions_of(target))
    except DocumentErrors as errors:
        message = _("Your own questions do not fit the newer version. Download them as a workbook, mend and upload it.")
        raise DomainError(message, code="document", detail=list_problems(errors.problems)) from errors
    owner = version.questionnaire.owner
    return store_document(document, owner=owner, actor=actor, base=base)


def next_number(version: QuestionnaireVersion) -> str:
    """Return the number after this one that no published version has: 1.0, 1.1; 2026, 2027."""
    rows = QuestionnaireVersion.objects.filter(questionnaire=version.questionnaire_id)
    taken = set(rows.exclude(state=VersionState.DRAFT).values_list("version", flat=True))
    if version.state == VersionState.DRAFT:
        return version.version
    number = raise_number(version.version)
    while number in taken:
        number = raise_number(number)
    return number


def raise_number(number: str) -> str:
    """Return a version number with its last figure raised by one; one without figures gets a 2."""
    raised = _LAST_NUMBER.sub(lambda match: str(int(match[1]) + 1), number, count=1)
    longest = QuestionnaireVersion._meta.get_field("version").max_length or 0
    return raised if raised != number else f"{number[: longest - 2]} 2"


@transaction.atomic
def discard_draft(version: QuestionnaireVersion, *, actor: User) -> None:
    """Throw a draft away, and the questionnaire with it when nothing else is of it.

    Raises ConflictError if it is no draft any more.
    """
    line = version.questionnaire
    rows = QuestionnaireVersion.objects.filter(pk=version.pk, state=VersionState.DRAFT, sha256=version.sha256)
    draft = rows.select_for_update().first()
    if draft is None:
        raise ConflictError(_("This draft was changed or published meanwhile. Reload the page."))
    draft.delete()
    record(
        "discard_draft", actor=actor, thing=line, organisation_id=line.owner_id, code=line.code, version=version.version
    )
    if not line.versions.exists():
        line.delete()


def warnings_of(document: Document) -> list[Problem]:
    """Return what is doubtful in a document though it can be used."""
    return [one for one in find_problems(document, provisions_of(document)) if one.severity is Gravity.WARNING]


def provisions_of(document: Document) -> Collection[str] | None:
    """Return the provisions a document may name, None when its code of conduct is not known here."""
    try:
        return read_code(document.code_of_conduct).provision_codes
    except UnknownCode:
        return None
