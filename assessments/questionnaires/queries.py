"""Reads of questionnaires: which versions may be sent or seen, and their documents."""

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from assessments.questionnaires.document import Document, load_json
from assessments.questionnaires.enums import VersionState
from assessments.questionnaires.models import QuestionnaireVersion
from suppliers.organisations.enums import BUYER_ROLES
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import Reader, organisations_where

CACHED_DOCUMENTS = 64
NEWEST = F("published_at").desc(nulls_first=True)
"""Drafts before the published ones, the newest of these first, whatever the database."""
USE = Case(
    *(When(state=state, then=Value(place)) for place, state in enumerate((VersionState.PUBLISHED, VersionState.DRAFT))),
    default=Value(2),
)
"""What can be sent before what cannot yet, and this before what can no more."""
_documents: OrderedDict[str, Document] = OrderedDict()
_lock = Lock()


def document_of(version: QuestionnaireVersion) -> Document:
    """Return the compiled document. A hash names one text for ever, so the copy in memory cannot be stale.

    A caller that fetched the version with `defer("document")` reads the text only when it is not in memory.
    """
    return _in_memory(version.sha256) or _remember(version.sha256, version.document)


def documents_of(versions: Iterable[QuestionnaireVersion]) -> list[Document]:
    """Return the documents of versions in order; all texts that are not in memory are read by one query."""
    rows = list(versions)
    found = {version.sha256: _in_memory(version.sha256) for version in rows}
    missing = [version.pk for version in rows if found[version.sha256] is None]
    if missing:
        texts = QuestionnaireVersion.objects.filter(pk__in=missing).values_list("sha256", "document")
        found |= {sha256: _remember(sha256, text) for sha256, text in texts}
    return [found[version.sha256] or document_of(version) for version in rows]


def _in_memory(sha256: str) -> Document | None:
    with _lock:
        found = _documents.get(sha256)
        if found is not None:
            _documents.move_to_end(sha256)
        return found


def _remember(sha256: str, text: str) -> Document:
    document = load_json(text)
    with _lock:
        _documents[sha256] = document
        while len(_documents) > CACHED_DOCUMENTS:
            _documents.popitem(last=False)
    return document


def versions_for(organisation: Organisation) -> QuerySet[QuestionnaireVersion]:
    """Return every version an organisation may look at: the standard ones and its own."""
    owned = Q(questionnaire__owner__isnull=True) | Q(questionnaire__owner=organisation)
    return (
        QuestionnaireVersion.objects.filter(owned)
        .select_related("questionnaire")
        .defer("document")
        .order_by("questionnaire__code", NEWEST, "-pk")
    )


def listed_versions(organisation: Organisation) -> QuerySet[QuestionnaireVersion]:
    """Return the versions of an organisation by questionnaire, the newest published one of each first."""
    return versions_for(organisation).order_by("questionnaire__code", "questionnaire_id", USE, NEWEST, "-pk")


def sendable_versions(organisation: Organisation) -> QuerySet[QuestionnaireVersion]:
    """Return the published versions an organisation may send, newest of each questionnaire first."""
    return versions_for(organisation).filter(state=VersionState.PUBLISHED)


def visible_versions(user: Reader) -> QuerySet[QuestionnaireVersion]:
    """Return versions the user may look at as a buyer: standard ones and those of the user's organisations."""
    mine = organisations_where(user, BUYER_ROLES)
    owned = Q(questionnaire__owner_id__in=mine) | Q(questionnaire__owner__isnull=True)
    seen = QuestionnaireVersion.objects.filter(owned).select_related("questionnaire").defer("document")
    return seen if mine.exists() else seen.none()


def versions_of(version: QuestionnaireVersion) -> QuerySet[QuestionnaireVersion]:
    """Return all versions of the same questionnaire, the newest first."""
    rows = QuestionnaireVersion.objects.filter(questionnaire=version.questionnaire_id).order_by(NEWEST, "-pk")
    return rows.select_related("questionnaire__owner", "base").defer("document", "base__document")


def previous_version(version: QuestionnaireVersion) -> QuestionnaireVersion | None:
    """Return the version that was sent before this one; for the first of an extension, what it extends."""
    sent = versions_of(version).filter(published_at__isnull=False).exclude(pk=version.pk)
    if version.published_at is not None:
        sent = sent.filter(published_at__lt=version.published_at)
    return sent.first() or version.base


def newer_bases() -> QuerySet[QuestionnaireVersion]:
    """Return, for a version of an outer query, the published versions newer than the one it extends."""
    return QuestionnaireVersion.objects.filter(
        questionnaire=OuterRef("base__questionnaire"),
        state=VersionState.PUBLISHED,
        published_at__gt=OuterRef("base__published_at"),
    )


def with_newer_base(versions: QuerySet[QuestionnaireVersion]) -> QuerySet[QuestionnaireVersion]:
    """Add `has_newer_base`: whether what a version extends was published anew and no later version extends that."""
    later = QuestionnaireVersion.objects.filter(questionnaire=OuterRef("questionnaire"), pk__gt=OuterRef("pk"))
    return versions.annotate(has_newer_base=Exists(newer_bases()) & ~Exists(later))


def newer_base(version: QuestionnaireVersion) -> QuestionnaireVersion | None:
    """Return the newest version of what this one extends, None when it stands on it or a later version follows."""
    base = version.base
    if base is None or base.published_at is None or versions_of(version).filter(pk__gt=version.pk).exists():
        return None
    return versions_of(base).filter(state=VersionState.PUBLISHED, published_at__gt=base.published_at).first()
