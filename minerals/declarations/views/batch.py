"""Many files at once: send them, follow the reading, choose the supplier where nobody could be sure."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minerals.declarations.enums import BatchFileState
from minerals.declarations.forms.batching import BatchForm
from minerals.declarations.models import Batch, BatchFile
from minerals.declarations.permissions import may_in
from minerals.declarations.queries.batches import (
    choices_of,
    counted_batches,
    file_row,
    listed_files,
    state_counts,
    visible_batches,
)
from minerals.declarations.queries.finding import bond_of, find_bonds, running_bonds
from minerals.declarations.services.batching import (
    MOST_FILES,
    add_batch_file,
    match_batch_file,
    open_batch,
    refuse_many,
    set_aside_batch_file,
    start_reading,
)
from minerals.declarations.services.receiving import LIMIT_MB
from portal.accounts.queries import signed_in
from portal.jobs.queries import is_running, progress_of
from portal.jobs.services import start_job
from portal.lib.errors import DomainError
from portal.lib.listing import Facet, filter_context, narrow_rows, page_of, search_rows
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import current_workspace

LAST_BATCHES = 10
Uploads = list["UploadedFile[bytes]"]


def entering_buyer(request: HttpRequest) -> Organisation:
    """Return the organisation files are entered for; 403 for people who may not enter many."""
    workspace = current_workspace(request)
    if workspace is None or not may_in(request.user, "enter_many", workspace.organisation):
        raise PermissionDenied
    return workspace.organisation


def fetch_batch(request: HttpRequest, pk: int) -> Batch:
    """Return a batch of a buyer the reader works for; 404 for others, 403 without the right."""
    batch = get_object_or_404(visible_batches(signed_in(request)), pk=pk)
    if not may_in(request.user, "enter_many", batch.buyer):
        raise PermissionDenied
    return batch


@login_required
@require_http_methods(["GET", "POST"])
def batch_new(request: HttpRequest) -> HttpResponse:
    """Choose up to two hundred files. Without scripts they arrive together; with scripts the batch is opened first."""
    buyer, user = entering_buyer(request), signed_in(request)
    form = BatchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        files: Uploads = request.FILES.getlist("files")
        if "open" in request.POST:
            return open_for_script(open_batch(buyer=buyer, year=form.cleaned_data["year"], actor=user))
        try:
            refuse_many(len(files))
            if not files:
                raise DomainError(_("Choose at least one file."), code="none")
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            batch = open_batch(buyer=buyer, year=form.cleaned_data["year"], actor=user)
            for upload in files:
                add_batch_file(batch=batch, upload=upload, actor=user)
            start_reading(batch=batch, actor=user)
            return redirect("batch_detail", batch.pk)
    context = {
        "form": form,
        "batches": counted_batches(user, buyer.pk)[:LAST_BATCHES],
        "most": MOST_FILES,
        "limit_mb": LIMIT_MB,
    }
    return render(request, "minerals/declarations/batch_new.html", context, status=400 if form.errors else 200)


def open_for_script(batch: Batch) -> JsonResponse:
    """Tell the page where each file is sent and what shows the result."""
    addresses = {
        "upload_url": reverse("batch_upload", args=[batch.pk]),
        "detail_url": reverse("batch_detail", args=[batch.pk]),
    }
    return JsonResponse(addresses, status=201)


@require_POST
@login_required
def batch_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one file, or several from a page without scripts; `read` says that all were sent."""
    batch, user = fetch_batch(request, pk), signed_in(request)
    by_script = "application/json" in request.headers.get("Accept", "")
    files: Uploads = request.FILES.getlist("files")
    try:
        refuse_many(batch.files.count() + len(files))
        rows = [add_batch_file(batch=batch, upload=upload, actor=user) for upload in files]
    except DomainError as error:
        if not by_script:
            raise
        return JsonResponse({"message": error.message}, status=error.status)
    if not by_script or "read" in request.POST:
        start_reading(batch=batch, actor=user)
    if by_script:
        facts = [{"name": row.name, "state": row.state, "problem": row.problem} for row in rows]
        return JsonResponse({"files": facts, "detail_url": reverse("batch_detail", args=[batch.pk])})
    return redirect("batch_detail", batch.pk)


@login_required
@require_safe
def batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far the reading is and what became of each file; htmx asks for the bar alone until it has ended."""
    batch = fetch_batch(request, pk)
    running = batch.job is not None and is_running(batch.job)
    progress = (
        {**progress_of(batch.job), "poll_url": request.path, "name": _("Reading the files")} if batch.job else None
    )
    if request.headers.get("HX-Request") and running:
        return render(request, "components/job_progress.html", {"job": progress})
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    counts = state_counts(batch)
    facets = facets_of(counts)
    rows = search_rows(narrow_rows(listed_files(batch), facets, request.GET), request.GET.get("q", ""), ("name",))
    page = page_of(rows.order_by("pk"), request)
    context = {
        "batch": batch,
        "job": progress if running else None,
        "page": page,
        "rows": [file_row(file) for file in page],
        "counts": counts,
        "total": sum(counts.values()),
        "room": MOST_FILES - sum(counts.values()),
        "next_match": batch.files.filter(state=BatchFileState.TO_MATCH).order_by("pk").first(),
        **filter_context(request, facets, search_label=_("File name"), remains=remains(page.paginator.count)),
    }
    return render(request, "minerals/declarations/batch_detail.html", context)


def facets_of(counts: dict[str, int]) -> list[Facet]:
    """Return the filter by outcome, of the outcomes there are."""
    choices = [(state.value, state.label) for state in BatchFileState if counts.get(state)]
    return [Facet("state", _("Outcome"), choices, "state")]


def remains(count: int) -> str:
    """Return what a filter leaves, in words."""
    return _("%(count)s files") % {"count": count}


@require_POST
@login_required
def batch_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a worker write the outcomes as a workbook."""
    batch = fetch_batch(request, pk)
    job = start_job(
        "declarations.batch_export",
        actor=signed_in(request),
        organisation_id=batch.buyer_id,
        params={"batch": batch.pk},
        return_path=reverse("batch_detail", args=[batch.pk]),
    )
    return redirect("job_detail", job.pk)


# One file ------------------------------------------------------------------------------------------
def fetch_file(request: HttpRequest, pk: int, file_id: int) -> BatchFile:
    """Return a file of a batch the reader may enter."""
    batch = fetch_batch(request, pk)
    file = get_object_or_404(listed_files(batch), pk=file_id)
    file.batch = batch
    return file


@login_required
@require_http_methods(["GET", "POST"])
def batch_file_match(request: HttpRequest, pk: int, file_id: int) -> HttpResponse:
    """Choose the supplier of a file: one of those it looks like, or any other."""
    file, user = fetch_file(request, pk, file_id), signed_in(request)
    buyer = file.batch.buyer
    error = ""
    if request.method == "POST":
        bond = bond_of(user, buyer, request.POST.get("relationship", ""))
        try:
            if bond is None:
                raise DomainError(_("Choose the supplier this file is from."), code="choose")
            return tell_matched(request, match_batch_file(file=file, relationship=bond, actor=user))
        except DomainError as refusal:
            error = refusal.message
    words = request.GET.get("q", "").strip()
    context: dict[str, Any] = {
        "batch": file.batch,
        "row": file_row(file),
        "file": file,
        "choices": choices_of(file, running_bonds(user, buyer)),
        "words": words,
        "found": find_bonds(user, buyer, words),
        "error": error,
    }
    return render(request, "minerals/declarations/batch_match.html", context, status=422 if error else 200)


def tell_matched(request: HttpRequest, file: BatchFile) -> HttpResponse:
    """Say what came of a choice, and go on with the next file that waits for one."""
    if file.state == BatchFileState.KNOWN:
        messages.info(request, file.problem)
    else:
        messages.success(request, _("“%(name)s” was entered.") % {"name": file.name})
    return go_on(file.batch)


def go_on(batch: Batch) -> HttpResponse:
    """Lead to the next file that waits for a supplier, else back to the list."""
    following = batch.files.filter(state=BatchFileState.TO_MATCH).order_by("pk").first()
    if following is not None:
        return redirect("batch_file_match", batch.pk, following.pk)
    return redirect("batch_detail", batch.pk)


@require_POST
@login_required
def batch_file_aside(request: HttpRequest, pk: int, file_id: int) -> HttpResponse:
    """Leave a file out."""
    file = fetch_file(request, pk, file_id)
    set_aside_batch_file(file=file, actor=signed_in(request))
    messages.success(request, _("“%(name)s” was set aside. It stays in the list.") % {"name": file.name})
    return go_on(file.batch)
