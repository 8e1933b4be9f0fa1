"""Whose registry a page shows, and what of it the reader may see and do."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from minerals.smelters.models import NameCase, Smelter, SmelterList
from minerals.smelters.permissions import may
from minerals.smelters.queries import visible_cases, visible_lists, visible_smelters
from portal.accounts.queries import signed_in
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import current_workspace


def registry_owner(request: HttpRequest, deed: str = "read") -> Organisation:
    """Return the buyer whose registry this workspace keeps; 403 for everybody who may not do the deed."""
    workspace = current_workspace(request)
    if workspace is None or not may(signed_in(request), deed, workspace.organisation):
        raise PermissionDenied
    return workspace.organisation


def fetch_smelter(request: HttpRequest, pk: int, deed: str = "read") -> Smelter:
    """Return a smelter; 404 for strangers, 403 where the deed is not theirs."""
    smelter = get_object_or_404(visible_smelters(signed_in(request)).select_related("owner"), pk=pk)
    check_right(request, deed, smelter.owner)
    return smelter


def fetch_case(request: HttpRequest, pk: int, deed: str = "read") -> NameCase:
    """Return a name of the queue; 404 for strangers, 403 where the deed is not theirs."""
    rows = visible_cases(signed_in(request)).select_related("owner", "smelter", "decided_by")
    case = get_object_or_404(rows, pk=pk)
    check_right(request, deed, case.owner)
    return case


def fetch_list(request: HttpRequest, pk: int, deed: str = "read") -> SmelterList:
    """Return an imported list; 404 for strangers, 403 where the deed is not theirs."""
    rows = visible_lists(signed_in(request)).select_related("owner", "created_by", "decided_by").defer("rows")
    row = get_object_or_404(rows, pk=pk)
    check_right(request, deed, row.owner)
    return row


def check_right(request: HttpRequest, deed: str, owner: Organisation) -> None:
    """Raise PermissionDenied unless the reader may do the deed in a registry."""
    if not may(signed_in(request), deed, owner):
        raise PermissionDenied
