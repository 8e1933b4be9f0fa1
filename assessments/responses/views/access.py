"""Fetch and authorise in one breath: strangers get 404, forbidden deeds 403."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from assessments.questionnaires.document import Document, Question, Section
from assessments.responses.models import Response
from assessments.responses.permissions import may
from assessments.responses.queries import answering_responses
from portal.accounts.models import User


def reader_of(request: HttpRequest) -> User:
    """Return the signed-in person; views behind login_required only."""
    if isinstance(request.user, AnonymousUser):
        raise PermissionDenied
    return request.user


def fetch_own(request: HttpRequest, pk: int) -> Response:
    """Return a response of the reader's own sites, `can_answer` on it, or 404."""
    return get_object_or_404(answering_responses(request.user), pk=pk)


def fetch_answering(request: HttpRequest, pk: int) -> Response:
    """Return an own response the reader may answer; 404 for strangers, 403 for readers."""
    response = fetch_own(request, pk)
    if not can_answer(response):
        raise PermissionDenied
    return response


def fetch_for(request: HttpRequest, pk: int, deed: str) -> Response:
    """Return an own response on which the reader may do the deed."""
    response = fetch_own(request, pk)
    if not may(request.user, deed, response):
        raise PermissionDenied
    return response


def can_answer(response: Response) -> bool:
    """Whether the reader for whom the response was fetched may answer it."""
    return bool(getattr(response, "can_answer", False))


def section_or_404(document: Document, code: str) -> Section:
    """Return the section, or 404."""
    try:
        return document.section(code)
    except KeyError as error:
        raise Http404 from error


def question_or_404(document: Document, code: str) -> Question:
    """Return the question, or 404."""
    if code not in document.positions:
        raise Http404
    return document.question(code)
