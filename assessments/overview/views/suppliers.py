"""The supplier list and the supplier card."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from assessments.overview.queries.suppliers import (
    SUPPLIER_COLUMNS,
    listed_suppliers,
    standing_of,
    supplier_facets,
)
from assessments.overview.reports import card_facts
from portal.jobs.services import start_job
from portal.lib.formats import figure
from portal.lib.listing import filter_context, narrow_rows, page_of, search_rows, sort_rows
from suppliers.organisations.models import Relationship
from suppliers.organisations.permissions import may
from suppliers.organisations.queries import bought_relationships, current_workspace

SEARCHED = ("supplier__name", "vendor_code")


def wanted_suppliers(request: HttpRequest) -> tuple[QuerySet[Relationship], Any]:
    """Return the rows that the address asks for, and the filters."""
    workspace = current_workspace(request)
    rows = listed_suppliers(request.user, workspace)
    facets = supplier_facets(rows)
    return search_rows(narrow_rows(rows, facets, request.GET), request.GET.get("q", ""), SEARCHED), facets


@login_required
def supplier_list(request: HttpRequest) -> HttpResponse:
    """Everybody this buyer buys from, with the newest standing of their sites."""
    rows, facets = wanted_suppliers(request)
    sort = request.GET.get("sort", "")
    page = page_of(sort_rows(rows, SUPPLIER_COLUMNS, sort, "name"), request)
    total = page.paginator.count
    remains = ngettext("%(shown)s supplier", "%(shown)s suppliers", total) % {"shown": figure(total)}
    workspace = current_workspace(request)
    context = {
        "page": page,
        "rows": standing_of(list(page)),
        "sort": sort or "name",
        "may_import": workspace and may(request.user, "import_suppliers", workspace.organisation),
        **filter_context(request, facets, search_label=_("Name or vendor code"), remains=remains),
    }
    return render(request, "overview/suppliers.html", context)


@require_POST
@login_required
def supplier_export(request: HttpRequest) -> HttpResponse:
    """Start the export of every supplier and site this person sees; the file can be imported again."""
    workspace = current_workspace(request)
    if workspace is None or not workspace.is_buyer:
        return redirect("home")
    job = start_job(
        "organisations.export",
        actor=request.user,
        organisation_id=workspace.organisation.pk,
        return_path=request.POST.get("back", ""),
    )
    return redirect("job_detail", job.pk)


@login_required
def supplier_card(request: HttpRequest, pk: int) -> HttpResponse:
    """One supplier on one page: scores over the years, flags, findings, requests and sites."""
    rows = bought_relationships(request.user).select_related("supplier", "buyer")
    relationship = get_object_or_404(rows, pk=pk)
    return render(request, "overview/card.html", card_facts(relationship))
