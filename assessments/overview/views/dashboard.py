"""The buyer's dashboard: every figure opens the list behind it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.campaigns.models import Campaign
from assessments.campaigns.queries import visible_campaigns
from assessments.overview.queries import dashboard as queries
from assessments.overview.reports import country_rows, map_chart, named_flags, score_chart, year_chart
from portal.jobs.services import start_job
from portal.lib.formats import figure
from portal.lib.listing import filter_context
from suppliers.organisations.queries import Workspace, current_workspace

LIST_FACETS = ("business_unit", "region", "country", "category", "tier")
SHOWN_PROVISIONS = 11


@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """Response rate, bands, flags, findings, years and countries of the buyer's campaigns."""
    workspace = current_workspace(request)
    if workspace is None or not workspace.is_buyer:
        return redirect("home")
    campaigns = queries.sent_campaigns(request.user, workspace.organisation)
    if not campaigns:
        return render(request, "overview/dashboard_empty.html")
    params = request.GET.copy()
    params.setdefault("campaign", str(campaigns[0].pk))
    return render(request, "overview/dashboard.html", facts(request, workspace, campaigns, params))


def facts(request: HttpRequest, workspace: Workspace, campaigns: list[Campaign], params: QueryDict) -> dict[str, Any]:
    """Return everything the dashboard shows."""
    facets = queries.facets_of(campaigns)
    rows = queries.wanted_requests(request.user, workspace.organisation, facets, params)
    groups = queries.count_groups(rows)
    everything = groups["all"].get("", queries.Group(""))
    flags = queries.count_flags(rows)
    scores = queries.count_scores(rows)
    limits = queries.band_limits(campaigns, params["campaign"])
    years = queries.wanted_requests(
        request.user, workspace.organisation, [f for f in facets if f.name != "campaign"], params
    )
    by_year = queries.count_years(years)
    remains = _("%(sites)s sites in %(countries)s countries") % {
        "sites": figure(everything.asked),
        "countries": figure(len(groups["country"])),
    }
    kept = {name: params[name] for name in LIST_FACETS if params.get(name)}
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
        "flags": named_flags(flags[:SHOWN_PROVISIONS]),
        "flags_more": len(flags) - SHOWN_PROVISIONS,
        "most_flags": flags[0].suppliers if flags else 0,
        "years": by_year,
        "year_chart": year_chart(by_year),
        "findings": queries.count_findings(request.user, workspace, rows),
        "attention": queries.worst_responses(rows),
        "campaign_id": params["campaign"],
        "kept": urlencode(kept),
        **filter_context(request, facets, remains=remains, chosen={"campaign": params["campaign"]}),
    }


@login_required
def provision_list(request: HttpRequest) -> HttpResponse:
    """Every provision with flags: how many suppliers broke it; opens the suppliers behind it."""
    workspace = current_workspace(request)
    if workspace is None or not workspace.is_buyer:
        return redirect("home")
    campaigns = queries.sent_campaigns(request.user, workspace.organisation)
    facets = queries.facets_of(campaigns)
    rows = queries.wanted_requests(request.user, workspace.organisation, facets, request.GET)
    flags = queries.count_flags(rows)
    kept = {name: request.GET[name] for name in LIST_FACETS if request.GET.get(name)}
    context = {
        "flags": named_flags(flags),
        "most_flags": flags[0].suppliers if flags else 0,
        "kept": urlencode(kept),
        **filter_context(request, facets),
    }
    return render(request, "overview/provisions.html", context)


@require_POST
@login_required
def campaign_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Start the PDF report of one campaign, in the reader's language."""
    campaign = get_object_or_404(visible_campaigns(request.user), pk=pk)
    job = start_job(
        "overview.campaign_report",
        actor=request.user,
        organisation_id=campaign.buyer_id,
        params={"campaign_id": campaign.pk},
        return_path=reverse("dashboard") + f"?campaign={campaign.pk}",
    )
    return redirect("job_detail", job.pk)
