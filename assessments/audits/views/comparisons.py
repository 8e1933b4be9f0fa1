"""Pages of comparisons: one audit beside the self-assessment, and how far sites and questions can be believed."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from assessments.audits.comparison import ENOUGH, Reliability
from assessments.audits.enums import RELEASED_STATES
from assessments.audits.permissions import may
from assessments.audits.queries.comparisons import (
    compared_audits,
    count_belief,
    last_compared,
    reliability_facets,
    reliable_questions,
    reliable_sites,
    wanted_audits,
)
from assessments.audits.reports.comparisons import compare_facts, figures_of
from assessments.audits.services.releasing import SAID_WITHIN_MONTHS
from assessments.audits.views.fetching import fetch_audit, fetch_buyer
from portal.accounts.queries import signed_in
from portal.jobs.services import start_job
from portal.lib.formats import figure
from portal.lib.listing import filter_context, page_of
from portal.trail.services import record
from suppliers.organisations.models import Site


@login_required
def audit_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """A released audit beside what the site had said. For the buyer and the site: auditors judge without it."""
    audit = fetch_audit(request, pk, "read_as_buyer", "read_as_site")
    if audit.state not in RELEASED_STATES:
        raise Http404
    facts = compare_facts(audit)
    is_buyer = may(request.user, "read_as_buyer", audit)
    page = "response_review" if is_buyer else "result"
    context = {
        "audit": audit,
        "facts": facts,
        "is_buyer": is_buyer,
        "answers_url": reverse(page, args=[facts.submission.response_id]) if facts else "",
        "months": SAID_WITHIN_MONTHS,
    }
    return render(request, "audits/compare.html", context)


@login_required
def reliability_list(request: HttpRequest) -> HttpResponse:
    """How far the buyer can believe its sites; with ?by=question, which questions are answered too well."""
    buyer = fetch_buyer(request, "read_reports")
    facets = reliability_facets(request.user, buyer, request.GET)
    audits = wanted_audits(compared_audits(request.user, buyer), facets, request.GET)
    totals = count_belief(audits)
    by_question = request.GET.get("by") == "question"
    listed = question_page(request, audits) if by_question else site_page(request, audits)
    search = _("Site, supplier or vendor code")
    context = {
        "may_manage": True,
        "by_question": by_question,
        "totals": totals,
        "overall": Reliability(totals["claimed"], totals["confirmed"]),
        "enough": ENOUGH,
        "sort": request.GET.get("sort") or "believe",
        **filter_context(request, facets, search_label=search, remains=listed.pop("remains")),
        **listed,
    }
    context["keep"] = [*context["keep"], *([("by", "question")] if by_question else [])]
    return render(request, "audits/reliability.html", context)


def site_page(request: HttpRequest, audits: Any) -> dict[str, Any]:
    """Return a page of sites with their figures and their newest audit."""
    page = page_of(reliable_sites(audits, request.GET.get("sort", "")), request)
    newest = last_compared(audits, page)
    total = page.paginator.count
    remains = ngettext("%(shown)s site", "%(shown)s sites", total) % {"shown": figure(total)}
    return {"page": page, "rows": [site_row(site, newest[site.pk]) for site in page], "remains": remains}


def site_row(site: Site, audit: int) -> dict[str, Any]:
    """Return what the list says of a site."""
    return {"site": site, "figure": figures_of(site), "audit": audit}


def question_page(request: HttpRequest, audits: Any) -> dict[str, Any]:
    """Return every question with its figure; there are too few for pages."""
    rows = reliable_questions(audits, request.GET.get("sort", ""))
    remains = ngettext("%(shown)s question", "%(shown)s questions", len(rows)) % {"shown": figure(len(rows))}
    return {"rows": rows, "remains": remains}


@require_POST
@login_required
def reliability_export(request: HttpRequest) -> HttpResponse:
    """Start an export of both lists as they are filtered."""
    buyer = fetch_buyer(request, "read_reports")
    filters = {name: value for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "back")}
    record("export_reliability", actor=signed_in(request), organisation_id=buyer.pk, filters=filters)
    job = start_job(
        "audits.reliability",
        actor=signed_in(request),
        organisation_id=buyer.pk,
        params={"filters": filters},
        return_path=request.POST.get("back", ""),
    )
    return redirect("job_detail", job.pk)
