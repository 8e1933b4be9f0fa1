"""Pages of long work: how far it is, what came out, where to fetch it."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from portal.accounts.queries import signed_in
from portal.files.services import file_response
from portal.jobs.queries import SHOWN_FAULTS, faults_of, is_running, name_of, progress_of, visible_jobs, words_of
from portal.trail.services import record

PAGE = 50


@login_required
def job_list(request: HttpRequest) -> HttpResponse:
    """List what the reader started."""
    page = Paginator(visible_jobs(signed_in(request)), PAGE).get_page(request.GET.get("page"))
    rows = [{"job": job, "name": name_of(job), "words": words_of(job)} for job in page]
    return render(request, "jobs/job_list.html", {"page": page, "rows": rows})


@login_required
def job_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one job; htmx asks again for its bar alone until it has ended, then the page is loaded anew."""
    job = get_object_or_404(visible_jobs(signed_in(request)), pk=pk)
    context: dict[str, Any] = {"job": progress_of(job)}
    if request.headers.get("HX-Request") and is_running(job):
        return render(request, "components/job_progress.html", context)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    faults = faults_of(job)
    context |= {
        "row": job,
        "faults": faults[:SHOWN_FAULTS],
        "fault_count": len(faults),
        "hidden_faults": max(0, len(faults) - SHOWN_FAULTS),
    }
    return render(request, "jobs/job_detail.html", context)


@login_required
def job_file(request: HttpRequest, pk: UUID) -> FileResponse:
    """Hand out what a job has made, to the person who started it; the trail notes it."""
    job = get_object_or_404(visible_jobs(signed_in(request)), pk=pk)
    if job.result_file is None:
        raise Http404
    response = file_response(job.result_file)
    record(
        "download_file",
        actor=signed_in(request),
        thing=job.result_file,
        organisation_id=job.organisation_id,
        name=job.result_file.name,
        kind=job.kind,
    )
    return response
