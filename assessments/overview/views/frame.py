"""What the pages of reports have in common: who may read them, the filter bar, the export."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.audits.permissions import may_in
from assessments.overview.queries.slices import kept_params
from assessments.overview.reports.catalogue import BY_NAME
from portal.accounts.queries import signed_in
from portal.jobs.services import start_job
from portal.lib.listing import Facet, filter_context
from portal.trail.services import record
from suppliers.organisations.queries import Workspace, current_workspace


def reading_buyer(request: HttpRequest) -> Workspace:
    """Return the buyer whose reports the person may read; raise PermissionDenied where there is none."""
    workspace = current_workspace(request)
    if workspace is None or not may_in(request.user, "read_reports", workspace.organisation):
        raise PermissionDenied
    return workspace


def params_of(request: HttpRequest) -> dict[str, str]:
    """Return the address as plain texts."""
    return {name: request.GET.get(name, "") for name in request.GET}


def report_context(
    request: HttpRequest,
    name: str,
    facets: Sequence[Facet],
    *,
    params: Mapping[str, str] | None = None,
    fixed: Mapping[str, str] | None = None,
    search_label: str = "",
    remains: str = "",
    crumb: str = "",
) -> dict[str, Any]:
    """Return the head and the filter bar of a report, and what its links keep of the address.

    `fixed` are filters that always have a value: they offer no "All" and are nothing to clear. `crumb` is the
    name of a page below the report.
    """
    fixed = fixed or {}
    bar = filter_context(request, facets, search_label=search_label, remains=remains, chosen=fixed)
    for entry in bar["filters"]:
        if entry["name"] in fixed:
            entry["value"] = entry["value"] or fixed[entry["name"]]
            entry |= {"choices": entry["choices"][1:], "narrowed": entry["value"] != fixed[entry["name"]]}
    kept = kept_params(facets, params or params_of(request))
    report = BY_NAME[name]
    own = {"label": report.title, "url": f"{reverse(report.url)}?{urlencode(kept)}" if crumb else ""}
    return {
        **bar,
        "clear_url": request.path if any(entry["narrowed"] for entry in bar["filters"]) else "",
        "report": report,
        "crumbs": [{"label": _("Reports"), "url": reverse("report_list")}, own, *([{"label": crumb}] if crumb else [])],
        "kept": urlencode(kept),
    }


@require_POST
@login_required
def report_export(request: HttpRequest, name: str) -> HttpResponse:
    """Start an export of a report as it is filtered."""
    here = reading_buyer(request).organisation
    if name not in BY_NAME:
        raise Http404
    filters = {key: value for key, value in request.POST.items() if key not in ("csrfmiddlewaretoken", "page")}
    record("export_report", actor=signed_in(request), organisation_id=here.pk, report=name, filters=filters)
    job = start_job(
        "overview.report_export",
        actor=signed_in(request),
        organisation_id=here.pk,
        params={"report": name, "filters": filters},
        return_path=reverse(BY_NAME[name].url, query=filters or None),
    )
    return redirect("job_detail", job.pk)
