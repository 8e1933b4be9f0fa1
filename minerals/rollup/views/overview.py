"""The minerals page: who answered, what they say, what waits for a person."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from suppliers.organisations.queries import current_workspace


@login_required
def minerals(request: HttpRequest) -> HttpResponse:
    """Show how the declarations of the buyer's suppliers stand."""
    workspace = current_workspace(request)
    if workspace is None or not workspace.is_buyer:
        raise PermissionDenied
    return render(request, "minerals/rollup/minerals.html")
