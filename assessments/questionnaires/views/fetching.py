"""Whom a page is for, and the version it shows."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.permissions import may, may_in
from assessments.questionnaires.queries import visible_versions
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import current_workspace


def fetch_owner(request: HttpRequest, deed: str) -> Organisation:
    """Return the company of this workspace; 403 for people who may not do the deed there."""
    workspace = current_workspace(request)
    if workspace is None or not may_in(request.user, deed, workspace.organisation):
        raise PermissionDenied
    return workspace.organisation


def fetch_version(request: HttpRequest, pk: int, deed: str = "") -> QuestionnaireVersion:
    """Return a version the reader sees, 404 for strangers; 403 where the deed on it is not theirs."""
    rows = visible_versions(request.user).select_related("questionnaire__owner", "base__questionnaire", "created_by")
    version = get_object_or_404(rows.defer("document", "base__document"), pk=pk)
    if deed and not may(request.user, deed, version):
        raise PermissionDenied
    return version
