"""The list of findings and its export."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from assessments.findings.permissions import may_enter
from assessments.findings.queries import facets_of, listed_findings, wanted_findings
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
    label = _("Site or supplier") if workspace and workspace.is_firm else _("Site, supplier or vendor code")
    bar = filter_context(request, facets, search_label=label, remains=remains)
    facts = {"page": page, "sort": sort or "severity", "may_enter": may_enter(workspace)}
    return render(request, "findings/list.html", {**facts, **bar})


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
