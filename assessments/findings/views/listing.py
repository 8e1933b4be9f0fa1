"""Pages of findings: list, one finding, close and reopen."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from assessments.findings import services
from assessments.findings.enums import CloseReason, FindingState
from assessments.findings.forms.following import CloseForm, ReopenForm
from assessments.findings.models import Finding
from assessments.findings.permissions import may
from assessments.findings.queries import facets_of, listed_findings, visible_findings, wanted_findings
from portal.accounts.queries import signed_in
from portal.jobs.services import start_job
from portal.lib.formats import figure
from portal.lib.listing import filter_context, page_of
from portal.trail.services import record
from suppliers.organisations.queries import current_workspace


@login_required
def finding_list(request: HttpRequest) -> HttpResponse:
    """Findings of this workspace, worst and oldest first."""
    workspace = current_workspace(request)
    facets = facets_of(request.user, workspace, request.GET.dict())
    rows = listed_findings(request.user, workspace)
    page = page_of(wanted_findings(rows, workspace, facets, request.GET), request)
    sort = request.GET.get("sort", "")
    total = page.paginator.count
    remains = ngettext("%(shown)s finding", "%(shown)s findings", total) % {"shown": figure(total)}
    bar = filter_context(request, facets, search_label=_("Site, supplier or vendor code"), remains=remains)
    return render(request, "findings/list.html", {"page": page, "sort": sort or "severity", **bar})


@require_POST
@login_required
def finding_export(request: HttpRequest) -> HttpResponse:
    """Start an export of the list as it is filtered."""
    workspace = current_workspace(request)
    filters = {name: value for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "back")}
    here = workspace.organisation.pk if workspace else None
    record("export_findings", actor=signed_in(request), organisation_id=here, filters=filters)
    job = start_job(
        "findings.export",
        actor=signed_in(request),
        organisation_id=here,
        params={"filters": filters},
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
        services.close_finding(finding=finding, reason=reason, note=note, actor=signed_in(request))
        messages.success(request, _("The finding is closed."))
    else:
        services.reopen_finding(finding=finding, note=note, actor=signed_in(request))
        messages.success(request, _("The finding is open again."))
    return redirect("finding_detail", finding.pk)
