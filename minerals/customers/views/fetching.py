"""Whom a page is for, and the rows it may show."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from minerals.customers.models import CustomerRequest
from minerals.customers.permissions import may_in
from minerals.customers.queries import visible_requests
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import current_workspace


def fetch_owner(request: HttpRequest, deed: str) -> Organisation:
    """Return the company of this workspace; 403 for people who may not do the deed there."""
    workspace = current_workspace(request)
    if workspace is None or not may_in(request.user, deed, workspace.organisation):
        raise PermissionDenied
    return workspace.organisation


def fetch_request(request: HttpRequest, pk: int, deed: str = "read") -> CustomerRequest:
    """Return a request the reader sees, 404 for strangers; 403 where the deed is not theirs."""
    rows = visible_requests(request.user).select_related("owner", "group", "answered_by", "created_by")
    found = get_object_or_404(rows, pk=pk)
    if not may_in(request.user, deed, found.owner):
        raise PermissionDenied
    return found
