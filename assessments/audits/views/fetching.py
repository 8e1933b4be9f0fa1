"""What the pages of audits share: fetch one within the reader's rights, ask for a right."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from assessments.audits.models import Audit
from assessments.audits.permissions import LEADERS, may, may_in
from assessments.audits.queries import visible_audits
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import current_workspace, has_role

RELATED = (
    "site__organisation",
    "relationship__buyer",
    "relationship__supplier",
    "firm",
    "programme",
    "asker",
    "schedule",
)


def fetch_audit(request: HttpRequest, pk: int, *deeds: str) -> Audit:
    """Return an audit the reader sees, 404 otherwise; 403 unless they may do one of the deeds."""
    rows = visible_audits(request.user).select_related(*RELATED, "follows__site__organisation", "follows__programme")
    audit: Audit = get_object_or_404(rows, pk=pk)
    if deeds and not any(may(request.user, deed, audit) for deed in deeds):
        raise PermissionDenied
    return audit


def fetch_buyer(request: HttpRequest, deed: str) -> Organisation:
    """Return the organisation of the workspace; 403 unless the reader may do the deed for its audits."""
    workspace = current_workspace(request)
    if workspace is None or not may_in(request.user, deed, workspace.organisation):
        raise PermissionDenied
    return workspace.organisation


def may_ask(request: HttpRequest) -> bool:
    """Whether the reader asks for audits here: of its suppliers' sites, or of its own for one of its buyers."""
    workspace = current_workspace(request)
    if workspace is None:
        return False
    here = workspace.organisation
    return may_in(request.user, "request_audit", here) or has_role(request.user, here.pk, LEADERS)
