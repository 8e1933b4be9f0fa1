"""The supplier list and the supplier card."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from assessments.audits.permissions import may_in
from assessments.overview.queries.suppliers import SUPPLIER_COLUMNS, standing_of, wanted_suppliers
from assessments.overview.reports.cards import card_facts
from portal.accounts.queries import signed_in
from portal.lib.formats import figure
from portal.lib.listing import filter_context, page_of, sort_rows
from suppliers.organisations.permissions import may
from suppliers.organisations.queries import bought_relationships, current_workspace
from suppliers.organisations.services import start_export


@login_required
def supplier_list(request: HttpRequest) -> HttpResponse:
    """Everybody this buyer buys from, with the newest standing of their sites."""
    workspace = current_workspace(request)
    if workspace is None or not workspace.is_buyer:
        return redirect("home")
    rows, facets = wanted_suppliers(request.user, workspace, request.GET)
    sort = request.GET.get("sort", "")
    page = page_of(sort_rows(rows, SUPPLIER_COLUMNS, sort, "name"), request)
    total = page.paginator.count
    remains = ngettext("%(shown)s supplier", "%(shown)s suppliers", total) % {"shown": figure(total)}
    context = {
        "page": page,
        "rows": standing_of(list(page)),
        "sort": sort or "name",
        "may_import": may(request.user, "import_suppliers", workspace.organisation),
        "may_export": may(request.user, "export_suppliers", workspace.organisation),
        **filter_context(request, facets, search_label=_("Name or vendor code"), remains=remains),
    }
    return render(request, "overview/suppliers.html", context)


@require_POST
@login_required
def supplier_export(request: HttpRequest) -> HttpResponse:
    """Start the export of the suppliers and sites this person sees; the file can be imported again."""
    workspace = current_workspace(request)
    if workspace is None or not may(request.user, "export_suppliers", workspace.organisation):
        raise PermissionDenied
    job = start_export(
        organisation=workspace.organisation,
        actor=signed_in(request),
        filters=request.POST.dict(),
        return_path=request.POST.get("back", ""),
    )
    return redirect("job_detail", job.pk)


@login_required
def supplier_card(request: HttpRequest, pk: int) -> HttpResponse:
    """One supplier on one page: scores over the years, flags, findings, requests and sites."""
    rows = bought_relationships(request.user).select_related("supplier", "buyer")
    relationship = get_object_or_404(rows, pk=pk)
    is_running = relationship.ended_on is None
    context = {
        **card_facts(relationship, request.GET.get("group", "")),
        "may_end": is_running and may(request.user, "end_relationship", relationship.buyer),
        "may_plan_audit": is_running and may_in(request.user, "request_audit", relationship.buyer),
    }
    return render(request, "overview/card.html", context)
