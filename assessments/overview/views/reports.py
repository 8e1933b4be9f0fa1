"""Reports: their list, the audit status of sites, the age of findings, suppliers by provision."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django_countries import countries

from assessments.audits.enums import AuditStatus
from assessments.audits.permissions import may_in
from assessments.codes.document import known_codes, known_schemes, read_scheme
from assessments.findings.models import Finding
from assessments.findings.queries import known_provisions, title_of
from assessments.findings.queries.schemes import UNGROUPED, grouped_title
from assessments.overview.queries import ages, grouping, provisions, site_status
from assessments.overview.queries.slices import finding_facets, kept_params, reported_findings, with_fixed
from assessments.overview.reports.catalogue import REPORTS
from assessments.overview.reports.keys import key_figures
from assessments.overview.reports.sheets import age_words
from assessments.overview.reports.statuses import shown_lines
from assessments.overview.views.frame import params_of, reading_buyer, report_context
from portal.lib.formats import figure
from portal.lib.listing import page_of

SHOWN_COUNTRIES = 20
TILES = (AuditStatus.VALID, AuditStatus.EXPIRING, AuditStatus.EXPIRED, AuditStatus.PLANNED, AuditStatus.NEVER)


@login_required
def report_list(request: HttpRequest) -> HttpResponse:
    """Every report: the question it answers and its key figure."""
    figures = key_figures(request.user, reading_buyer(request))
    rows = [{"report": report, "key": figures[report.url]} for report in REPORTS]
    return render(request, "overview/reports.html", {"rows": rows})


@login_required
def report_audit_status(request: HttpRequest) -> HttpResponse:
    """How each site stands with its audits; what wants a deed leads."""
    workspace, params = reading_buyer(request), params_of(request)
    scope = site_status.scope_of(request.user, workspace.organisation)
    facets = site_status.status_facets(scope)
    counts = site_status.count_sites(scope, facets, params)
    page = page_of(site_status.wanted_sites(scope, facets, params), request)
    shown = page.paginator.count
    remains = ngettext("%(shown)s site", "%(shown)s sites", shown) % {"shown": figure(shown)}
    context = {
        "tiles": [{"status": status, "count": counts[status]} for status in TILES],
        "sites": sum(counts.values()),
        "may_plan": may_in(request.user, "request_audit", workspace.organisation),
        "page": page,
        "rows": shown_lines(site_status.status_lines(list(page), scope)),
        "sort": params.get("sort") or "status",
        "parts": urlencode(kept_params([facet for facet in facets if facet.name != "status"], params)),
        **report_context(request, "audit_status", facets, search_label=_("Site or supplier"), remains=remains),
    }
    return render(request, "overview/report_audit_status.html", context)


@login_required
def report_ages(request: HttpRequest) -> HttpResponse:
    """Findings that are not settled by age and severity, by country and by provision."""
    workspace, params = reading_buyer(request), params_of(request)
    facets = finding_facets(request.user, workspace)
    counted = ages.count_ages(reported_findings(request.user, workspace, facets, params))
    language = get_language() or "en"
    words = age_words()
    lands = [{"line": line, "name": str(countries.name(line.key)) or line.key} for line in counted.countries]
    context = {
        "ages": [{"line": line, "name": words[line.key]} for line in counted.ages],
        "total": counted.total,
        "countries": lands[:SHOWN_COUNTRIES],
        "countries_more": len(lands) - SHOWN_COUNTRIES,
        "provisions": [
            {"line": line, "title": title_of(line.code_of_conduct, line.key, language)} for line in counted.provisions
        ],
        **report_context(request, "ages", facets),
    }
    return render(request, "overview/report_ages.html", context)


@login_required
def report_provisions(request: HttpRequest) -> HttpResponse:
    """How many suppliers have a finding on each provision, or on each item of another scheme."""
    workspace = reading_buyer(request)
    facets = grouping.provision_facets(request.user, workspace)
    params = with_fixed(facets, params_of(request), grouping.FIXED)
    rows = reported_findings(request.user, workspace, facets, params)
    grouped = None if params["group"] == UNGROUPED else grouping.group_findings(rows, params["group"])
    lines = grouped.lines if grouped else provisions.count_provisions(rows)
    title = grouped_title if grouped else title_of
    language = get_language() or "en"
    context = {
        "lines": [{"line": line, "title": title(line.code_of_conduct, line.provision, language)} for line in lines],
        "most": max((line.suppliers for line in lines), default=0),
        "grouped": grouped,
        "kept_plain": urlencode(kept_params(facets, {**params, "group": UNGROUPED})),
        **report_context(request, "provisions", facets, params=params, fixed=grouping.FIXED),
    }
    return render(request, "overview/report_provisions.html", context)


@login_required
def report_provision(request: HttpRequest, code: str, provision: str) -> HttpResponse:
    """The suppliers with a finding on one provision, or on what corresponds to one item, and these findings."""
    workspace = reading_buyer(request)
    facets = grouping.provision_facets(request.user, workspace)
    params = with_fixed(facets, params_of(request), grouping.FIXED)
    rows = reported_findings(request.user, workspace, facets, params)
    rows = rows_behind(rows, code, provision, grouped=params["group"] == code)
    page = page_of(provisions.suppliers_with(rows), request)
    shown = page.paginator.count
    title = f"{provision} {grouped_title(code, provision, get_language() or 'en')}"
    context = {
        "title": title,
        "page": page,
        "lines": provisions.supplier_lines(page, rows),
        "remains": ngettext("%(shown)s supplier", "%(shown)s suppliers", shown) % {"shown": figure(shown)},
    }
    frame = report_context(request, "provisions", facets, params=params, fixed=grouping.FIXED, crumb=title)
    return render(request, "overview/report_provision.html", {**frame, **context})


def rows_behind(rows: QuerySet[Finding], code: str, provision: str, *, grouped: bool) -> QuerySet[Finding]:
    """Return the findings on a provision, or on what corresponds to an item; raise Http404 where there is neither."""
    if code in known_schemes() and provision in read_scheme(code).positions and (grouped or code not in known_codes()):
        return rows.filter(grouping.item_clause(code, provision))
    found = rows.filter(code_of_conduct=code, provision=provision)
    known = code in known_codes() and provision in known_provisions()
    if not known and not found.exists():
        raise Http404
    return found
