"""Reads of questionnaires: which versions may be sent or seen, and their documents."""

from collections import OrderedDict
from threading import Lock

from django.db.models import Q, QuerySet

from assessments.questionnaires.document import Document, load_json
from assessments.questionnaires.enums import VersionState
from assessments.questionnaires.models import QuestionnaireVersion
from suppliers.organisations.enums import BUYER_ROLES
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import Reader, organisations_where

CACHED_DOCUMENTS = 64
_documents: OrderedDict[str, Document] = OrderedDict()
_lock = Lock()


def document_of(version: QuestionnaireVersion) -> Document:
    """Return the compiled document. A hash names one text for ever, so the copy in memory cannot be stale.

    A caller that fetched the version with `defer("document")` reads the text only when it is not in memory.
    """
    with _lock:
        found = _documents.get(version.sha256)
        if found is not None:
            _documents.move_to_end(version.sha256)
            return found
    document = load_json(version.document)
    with _lock:
        _documents[version.sha256] = document
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
        .order_by("questionnaire__code", "-published_at", "-pk")
    )


def sendable_versions(organisation: Organisation) -> QuerySet[QuestionnaireVersion]:
    """Return the published versions an organisation may send, newest of each questionnaire first."""
    return versions_for(organisation).filter(state=VersionState.PUBLISHED)


def visible_versions(user: Reader) -> QuerySet[QuestionnaireVersion]:
    """Return versions the user may look at as a buyer: standard ones and those of the user's organisations."""
    mine = organisations_where(user, BUYER_ROLES)
    owned = Q(questionnaire__owner_id__in=mine) | Q(questionnaire__owner__isnull=True)
    seen = QuestionnaireVersion.objects.filter(owned).select_related("questionnaire").defer("document")
    return seen if mine.exists() else seen.none()
