"""Reports on what becomes of findings: actions on time, recurrences."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django_countries import countries

from assessments.findings.models import Finding
from assessments.overview.enums import Outcome
from assessments.overview.queries import on_time, recurrences
from assessments.overview.queries.slices import kept_params, reported_findings, with_fixed
from assessments.overview.views.frame import params_of, reading_buyer, report_context
from portal.lib.formats import figure
from portal.lib.listing import narrow_rows, page_of

SHOWN_COUNTRIES = 12


@login_required
def report_on_time(request: HttpRequest) -> HttpResponse:
    """Corrective actions that were to be done in a period: in time, late, overdue; and the actions themselves."""
    workspace = reading_buyer(request)
    facets = on_time.on_time_facets(request.user, workspace)
    params = with_fixed(facets, params_of(request), on_time.FIXED)
    parts = [facet for facet in facets if facet.name != "outcome"]
    due = on_time.listed_actions(reported_findings(request.user, workspace, parts, params))
    counted = on_time.count_on_time(due)
    page = page_of(narrow_rows(due, [facet for facet in facets if facet.name == "outcome"], params), request)
    shown = page.paginator.count
    remains = ngettext("%(shown)s action", "%(shown)s actions", shown) % {"shown": figure(shown)}
    lands = [(str(countries.name(tally.key)) or tally.key, tally) for tally in counted.countries]
    frame = report_context(request, "on_time", facets, params=params, fixed=on_time.FIXED, remains=remains)
    context = {
        **frame,
        "total": counted.total,
        "groups": on_time.named_groups(counted),
        "countries": lands[:SHOWN_COUNTRIES],
        "page": page,
        "rows": [shown_action(finding) for finding in page],
        "parts": urlencode(kept_params(parts, params)),
    }
    return render(request, "overview/report_on_time.html", context)


def shown_action(finding: Finding) -> dict[str, Any]:
    """Return one line of the list: the outcome in words and the days late."""
    outcome = Outcome(finding.outcome)  # type: ignore[attr-defined]
    return {"finding": finding, "outcome": outcome.label, "late": on_time.days_late(finding)}


@login_required
def report_recurrences(request: HttpRequest) -> HttpResponse:
    """Findings that came back at the same site, what came back most often first, each with what went before."""
    workspace, params = reading_buyer(request), params_of(request)
    facets = recurrences.recurrence_facets(request.user, workspace)
    page = page_of(recurrences.group_recurrences(reported_findings(request.user, workspace, facets, params)), request)
    shown = page.paginator.count
    words = ngettext("%(shown)s provision at a site", "%(shown)s provisions at sites", shown)
    context = {
        "page": page,
        "chains": recurrences.chains_of(page),
        **report_context(request, "recurrences", facets, remains=words % {"shown": figure(shown)}),
    }
    return render(request, "overview/report_recurrences.html", context)
