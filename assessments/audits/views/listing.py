"""The list of audits."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from assessments.audits.permissions import may_in
from assessments.audits.queries.listing import facets_of, is_outside, listed_audits, wanted_audits
from assessments.audits.views.fetching import may_ask
from portal.accounts.queries import signed_in
from portal.jobs.services import start_job
from portal.lib.formats import figure
from portal.lib.listing import filter_context, page_of
from portal.trail.services import record
from suppliers.organisations.queries import Workspace, current_workspace


@login_required
def audit_list(request: HttpRequest) -> HttpResponse:
    """Audits of this workspace, the latest first."""
    workspace = current_workspace(request)
    facets = facets_of(request.user, workspace)
    page = page_of(wanted_audits(listed_audits(request.user, workspace), workspace, facets, request.GET), request)
    total = page.paginator.count
    remains = ngettext("%(shown)s audit", "%(shown)s audits", total) % {"shown": figure(total)}
    context = {
        "page": page,
        "sort": request.GET.get("sort") or "-date",
        "is_outside": is_outside(workspace),
        "may_ask": may_ask(request),
        "may_manage": may_manage(request, workspace),
        **filter_context(request, facets, search_label=search_label(workspace), remains=remains),
    }
    return render(request, "audits/list.html", context)


def search_label(workspace: Workspace | None) -> str:
    """Return what the search looks at; vendor codes are none of an audit firm's business."""
    return _("Site or supplier") if is_outside(workspace) else _("Site, supplier or vendor code")


def may_manage(request: HttpRequest, workspace: Workspace | None) -> bool:
    """Whether the reader sets up firms, programmes or schedules here."""
    return workspace is not None and may_in(request.user, "read_reports", workspace.organisation)


@require_POST
@login_required
def audit_export(request: HttpRequest) -> HttpResponse:
    """Start an export of the list as it is filtered."""
    workspace = current_workspace(request)
    filters = {name: value for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "back")}
    here = workspace.organisation.pk if workspace else None
    record("export_audits", actor=signed_in(request), organisation_id=here, filters=filters)
    job = start_job(
        "audits.export",
        actor=signed_in(request),
        organisation_id=here,
        params={"filters": filters},
        return_path=request.POST.get("back", ""),
    )
    return redirect("job_detail", job.pk)
