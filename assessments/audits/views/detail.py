"""One audit: where it stands, what comes next, who is on it, what came out."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from assessments.audits.models import Audit
from assessments.audits.views.fetching import fetch_audit


@login_required
def audit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The hub of one audit."""
    return render(request, "audits/detail.html", detail_context(request, fetch_audit(request, pk)))


def detail_context(request: HttpRequest, audit: Audit) -> dict[str, Any]:
    """Return what the page of one audit shows."""
    return {"audit": audit, "changes": audit.changes.select_related("actor").order_by("at", "pk")}
