"""The result as the site sees it: page, list and PDF."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from assessments.responses.models import Response
from assessments.responses.queries import asked_responses, own_responses, visible_responses
from assessments.scoring.queries import listed_results
from assessments.scoring.reports.provisions import provision_scores
from assessments.scoring.reports.results import RELATED, result_facts
from portal.accounts.queries import signed_in
from portal.jobs.services import start_job
from portal.lib.listing import page_of
from portal.trail.services import record
from suppliers.organisations.queries import current_workspace


@login_required
def result_list(request: HttpRequest) -> HttpResponse:
    """Everything this workspace's sites handed in, newest first."""
    workspace = current_workspace(request)
    rows = listed_results(request.user, workspace.organisation.pk if workspace else None)
    return render(request, "scoring/result_list.html", {"page": page_of(rows, request)})


@require_POST
@login_required
def result_list_export(request: HttpRequest) -> HttpResponse:
    """Start an export of the list of results."""
    workspace = current_workspace(request)
    here = workspace.organisation.pk if workspace else None
    record("export_results", actor=signed_in(request), organisation_id=here)
    job = start_job(
        "scoring.result_export",
        actor=signed_in(request),
        organisation_id=here,
        return_path=reverse("result_list"),
    )
    return redirect("job_detail", job.pk)


@login_required
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """The score of one response with its reasons. Buyers are led to their review page."""
    response = get_object_or_404(visible_responses(request.user).select_related(*RELATED), pk=pk)
    if not own_responses(request.user).filter(pk=pk).exists():
        return redirect("response_review", pk)
    return render(request, "scoring/result.html", result_context(response, request.GET.get("group", "")))


def result_context(response: Response, group: str) -> dict[str, object]:
    """Return what the result page shows; `facts` is None while a worker still scores."""
    facts = result_facts(response)
    provisions = provision_scores(facts, group) if facts else None
    return {"response": response, "facts": facts, "provisions": provisions, "waiting": response.is_handed_in}


@require_POST
@login_required
def result_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Start the PDF of a result, in the reader's language and grouped as the page was."""
    response = get_object_or_404(visible_responses(request.user).select_related("site"), pk=pk)
    job = start_job(
        "scoring.result_pdf",
        actor=signed_in(request),
        organisation_id=response.site.organisation_id,
        params={"response_id": response.pk, "group": request.POST.get("group", "")},
        return_path=back_path(request, response),
    )
    return redirect("job_detail", job.pk)


def back_path(request: HttpRequest, response: Response) -> str:
    """Return the page the reader came from: the review for a buyer, the result for the site."""
    is_buyer = asked_responses(request.user).filter(pk=response.pk).exists()
    return reverse("response_review" if is_buyer else "result", args=[response.pk])
