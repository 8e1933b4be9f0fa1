"""Pages of findings: list, one finding, close and reopen."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_countries import countries

from assessments.findings import services
from assessments.findings.enums import CloseReason, FindingState, Severity
from assessments.findings.forms import CloseForm, ReopenForm
from assessments.findings.models import Finding
from assessments.findings.permissions import may
from assessments.findings.queries import facet_values, listed_findings, visible_findings
from portal.jobs.services import start_job
from portal.lib.formats import figure
from portal.lib.listing import Facet, filter_context, narrow_rows, page_of, plain_choices, search_rows, sort_rows
from suppliers.organisations.queries import Workspace, current_workspace

COLUMNS = {
    "severity": "severity_rank",
    "provision": "provision",
    "site": "site__name",
    "country": "site__country",
    "opened": "opened_at",
    "state": "state",
}


def facets_of(rows: QuerySet[Finding]) -> list[Facet]:
    """Return the filters of the list."""
    values = facet_values(rows)
    lands = [(code, countries.name(code)) for code in values["country"]]
    return [
        Facet("state", _("State"), FindingState.choices, "state"),
        Facet("severity", _("Severity"), Severity.choices, "severity"),
        Facet("provision", _("Provision"), plain_choices(values["provision"]), "provision"),
        Facet("country", _("Country"), lands, "site__country"),
        Facet("business_unit", _("Business unit"), plain_choices(values["unit"]), "relationship__business_unit"),
        Facet("region", _("Region"), plain_choices(values["region"]), "relationship__region"),
        Facet("category", _("Category"), plain_choices(values["category"]), "relationship__category"),
        Facet("tier", _("Tier"), plain_choices(values["tier"]), "relationship__tier"),
    ]


def wanted_findings(request: HttpRequest, workspace: Workspace | None) -> tuple[QuerySet[Finding], list[Facet]]:
    """Return the rows that the address asks for, and the filters."""
    rows = listed_findings(request.user, workspace)
    facets = facets_of(rows)
    rows = search_rows(
        narrow_rows(rows, facets, request.GET),
        request.GET.get("q", ""),
        ("site__name", "site__organisation__name", "relationship__vendor_code"),
    )
    return rows, facets


@login_required
def finding_list(request: HttpRequest) -> HttpResponse:
    """Findings of this workspace, worst and oldest first."""
    rows, facets = wanted_findings(request, current_workspace(request))
    sort = request.GET.get("sort", "")
    page = page_of(sort_rows(rows, COLUMNS, sort, "severity"), request)
    total = page.paginator.count
    remains = ngettext("%(shown)s finding", "%(shown)s findings", total) % {"shown": figure(total)}
    bar = filter_context(request, facets, search_label=_("Site, supplier or vendor code"), remains=remains)
    return render(request, "findings/list.html", {"page": page, "sort": sort or "severity", **bar})


@require_POST
@login_required
def finding_export(request: HttpRequest) -> HttpResponse:
    """Start an export of the list as it is filtered."""
    workspace = current_workspace(request)
    job = start_job(
        "findings.export",
        actor=request.user,
        organisation_id=workspace.organisation.pk if workspace else None,
        params={"filters": request.POST.dict()},
        return_path=request.POST.get("back", ""),
    )
    return redirect("job_detail", job.pk)


@login_required
def finding_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding: what is wrong, where it came from, what happened since."""
    rows = visible_findings(request.user).select_related("site__organisation", "relationship__buyer")
    finding = get_object_or_404(rows, pk=pk)
    return render(request, "findings/detail.html", detail_context(request, finding))


def detail_context(request: HttpRequest, finding: Finding, **forms: Any) -> dict[str, Any]:
    """Return what the page of one finding shows."""
    is_open = finding.state == FindingState.OPEN
    deed = "close" if is_open else "reopen"
    return {
        "finding": finding,
        "changes": finding.changes.select_related("actor").order_by("at"),
        "may_move": may(request.user, deed, finding),
        "form": CloseForm() if is_open else ReopenForm(),
        **forms,
    }


@require_POST
@login_required
def finding_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an open finding or reopen a closed one."""
    finding = get_object_or_404(visible_findings(request.user).select_related("relationship", "site"), pk=pk)
    is_open = finding.state == FindingState.OPEN
    if not may(request.user, "close" if is_open else "reopen", finding):
        raise PermissionDenied
    form: CloseForm | ReopenForm = CloseForm(request.POST) if is_open else ReopenForm(request.POST)
    if not form.is_valid():
        return render(request, "findings/detail.html", detail_context(request, finding, form=form), status=422)
    note = form.cleaned_data["note"]
    if is_open:
        reason = CloseReason(form.cleaned_data["reason"])
        services.close_finding(finding=finding, reason=reason, note=note, actor=request.user)
        messages.success(request, _("The finding is closed."))
    else:
        services.reopen_finding(finding=finding, note=note, actor=request.user)
        messages.success(request, _("The finding is open again."))
    return redirect("finding_detail", finding.pk)
