"""The buyer's dashboard: every figure opens the list behind it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.campaigns.enums import CampaignKind
from assessments.campaigns.models import Campaign, Request
from assessments.campaigns.queries import visible_campaigns
from assessments.overview.queries import dashboard as queries
from assessments.overview.queries.follow_up import follow_up
from assessments.overview.queries.minerals import mineral_figures
from assessments.overview.reports.attention import attention_lines
from assessments.overview.reports.dashboard import (
    code_name,
    country_rows,
    map_chart,
    named_flags,
    score_chart,
    year_chart,
)
from portal.accounts.queries import signed_in
from portal.jobs.services import start_job
from portal.lib.formats import figure
from portal.lib.listing import Facet, filter_context
from portal.trail.services import record
from suppliers.organisations.queries import Workspace, current_workspace

SHOWN_PROVISIONS = 11


@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """Response rate, bands, flags, findings, years and countries of the buyer's campaigns."""
    workspace = current_workspace(request)
    if workspace is None or not workspace.is_buyer:
        return redirect("home")
    campaigns = queries.sent_campaigns(request.user, workspace.organisation)
    if not campaigns:
        return render(request, "overview/dashboard_empty.html", follow_up_facts(request, workspace, {}))
    params = queries.chosen_params(campaigns, request.GET)
    return render(request, "overview/dashboard.html", facts(request, workspace, campaigns, params))


def follow_up_facts(
    request: HttpRequest, workspace: Workspace, kept: dict[str, str], requests: Sequence[Request] = ()
) -> dict[str, Any]:
    """Return what the dashboard shows of findings, actions and audits, and what wants a person."""
    found = follow_up(request.user, workspace, kept)
    # The list of audits knows these filters only; a figure must open exactly what it counts.
    known = kept.keys() <= {"country", "business_unit"}
    return {
        "follow": found,
        "attention": attention_lines(found.late, found.plans, found.asked, requests),
        "going_url": reverse("audit_list", query={"status": "planned", **kept}) if known else "",
        "kept": urlencode(kept),
        "minerals": mineral_figures(request.user, workspace.organisation),
    }


def facts(
    request: HttpRequest, workspace: Workspace, campaigns: list[Campaign], params: dict[str, str]
) -> dict[str, Any]:
    """Return everything the dashboard shows."""
    facets = queries.facets_of(campaigns)
    rows = queries.wanted_requests(request.user, workspace.organisation, facets, params)
    groups = queries.count_groups(rows)
    everything = groups["all"].get("", queries.Group(""))
    flags = queries.count_flags(rows)
    document = queries.document_asked(campaigns, params["campaign"])
    limits = queries.band_limits(document)
    all_years = [facet for facet in facets if facet.name != "campaign"]
    tallies = queries.count_results(queries.wanted_requests(request.user, workspace.organisation, all_years, params))
    scores = queries.steps_of(tally for tally in tallies if str(tally.campaign_id) == params["campaign"])
    by_year = queries.years_of(tallies)
    remains = _("%(sites)s sites in %(countries)s countries") % {
        "sites": figure(everything.asked),
        "countries": figure(len(groups["country"])),
    }
    kept = queries.kept_filters(facets, params)
    return {
        "now": timezone.now(),
        "all": everything,
        "units": sorted(groups["unit"].values(), key=lambda group: -group.asked),
        "countries": country_rows(groups["country"].values()),
        "map": map_chart(groups["country"].values()),
        "scores": scores,
        "score_chart": score_chart(scores, limits),
        "high_below": limits[0],
        "low_from": limits[1],
        "flags": named_flags(flags[:SHOWN_PROVISIONS], document.code_of_conduct),
        "code_name": code_name(document.code_of_conduct),
        "flags_more": len(flags) - SHOWN_PROVISIONS,
        "most_flags": flags[0].suppliers if flags else 0,
        "years": by_year,
        "year_chart": year_chart(by_year),
        "campaign_id": params["campaign"],
        "kept_all": urlencode({"campaign": params["campaign"], **kept}),
        **follow_up_facts(request, workspace, kept, queries.worst_responses(rows)),
        **bar_of(request, facets, params, remains=remains),
    }


def bar_of(request: HttpRequest, facets: list[Facet], params: dict[str, str], *, remains: str = "") -> dict[str, Any]:
    """Return the filter bar; one campaign is always chosen, so it offers no "All" and is nothing to clear."""
    bar = filter_context(request, facets, remains=remains)
    for entry in bar["filters"]:
        if entry["name"] == "campaign":
            entry |= {"value": params["campaign"], "choices": entry["choices"][1:], "narrowed": False}
    narrowed = any(entry["narrowed"] for entry in bar["filters"])
    return {**bar, "clear_url": f"{request.path}?campaign={params['campaign']}" if narrowed else ""}


@login_required
def provision_list(request: HttpRequest) -> HttpResponse:
    """Every provision with flags: how many suppliers broke it; opens the suppliers behind it."""
    workspace = current_workspace(request)
    if workspace is None or not workspace.is_buyer:
        return redirect("home")
    campaigns = queries.sent_campaigns(request.user, workspace.organisation)
    if not campaigns:
        return render(request, "overview/dashboard_empty.html")
    params = queries.chosen_params(campaigns, request.GET)
    facets = queries.facets_of(campaigns)
    rows = queries.wanted_requests(request.user, workspace.organisation, facets, params)
    kept = queries.kept_filters(facets, params)
    code = queries.document_asked(campaigns, params["campaign"]).code_of_conduct
    context = {
        "flags": named_flags(queries.count_flags(rows), code),
        "kept_all": urlencode({"campaign": params["campaign"], **kept}),
        **bar_of(request, facets, params),
    }
    return render(request, "overview/provisions.html", context)


@require_POST
@login_required
def provision_list_export(request: HttpRequest) -> HttpResponse:
    """Start an export of the provisions with flags, filtered as the page was."""
    workspace = current_workspace(request)
    if workspace is None or not workspace.is_buyer:
        raise PermissionDenied
    here = workspace.organisation
    facets = queries.facets_of(queries.sent_campaigns(request.user, here))
    filters = {facet.name: request.POST[facet.name] for facet in facets if request.POST.get(facet.name)}
    record("export_provisions", actor=signed_in(request), organisation_id=here.pk, filters=filters)
    job = start_job(
        "overview.provision_export",
        actor=signed_in(request),
        organisation_id=here.pk,
        params={"filters": filters},
        return_path=reverse("provision_list", query=filters or None),
    )
    return redirect("job_detail", job.pk)


@require_POST
@login_required
def campaign_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Start the PDF report of one campaign, in the reader's language."""
    rows = visible_campaigns(request.user).filter(kind=CampaignKind.QUESTIONNAIRE)
    campaign = get_object_or_404(rows, pk=pk)
    job = start_job(
        "overview.campaign_report",
        actor=signed_in(request),
        organisation_id=campaign.buyer_id,
        params={"campaign_id": campaign.pk},
        return_path=reverse("dashboard") + f"?campaign={campaign.pk}",
    )
    return redirect("job_detail", job.pk)
