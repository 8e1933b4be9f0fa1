"""Import of suppliers and sites: the template, the upload, how far it is, what is wrong with which cell."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.queries import signed_in
from portal.files.services import store_upload
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.jobs.queries import is_running, progress_of
from portal.lib.errors import DomainError
from portal.lib.workbook import write_workbook
from suppliers.organisations import services
from suppliers.organisations.forms.imports import ImportForm
from suppliers.organisations.models import Organisation
from suppliers.organisations.permissions import may
from suppliers.organisations.queries import current_workspace, visible_imports
from suppliers.organisations.reports import template_sheets

LAST_IMPORTS = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def importing_buyer(request: HttpRequest) -> Organisation:
    """Return the organisation suppliers are imported for; 403 for people who may not."""
    workspace = current_workspace(request)
    if workspace is None or not may(signed_in(request), "import_suppliers", workspace.organisation):
        raise PermissionDenied
    return workspace.organisation


@login_required
def supplier_import(request: HttpRequest) -> HttpResponse:
    """Upload a table; the button says whether it is only checked or imported."""
    buyer, user = importing_buyer(request), signed_in(request)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if request.method == "POST" and form.is_valid():
        try:
            stored = store_upload(form.cleaned_data["file"], organisation_id=buyer.pk, actor=user)
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            preview = request.POST.get("deed") == "check"
            job = services.start_import(
                file=stored, organisation=buyer, actor=user, preview=preview, return_path=reverse("supplier_import")
            )
            return redirect("supplier_import_detail", job.pk)
    context = {"form": form, "imports": imports_of(request, buyer)[:LAST_IMPORTS]}
    return render(request, "imports/upload.html", context, status=400 if form.errors else 200)


def imports_of(request: HttpRequest, buyer: Organisation) -> QuerySet[Job]:
    """Return the imports of this buyer, the newest first."""
    return visible_imports(signed_in(request)).filter(organisation_id=buyer.pk)


@require_safe
@login_required
def supplier_import_template(request: HttpRequest) -> HttpResponse:
    """Hand out the template in the reader's language."""
    importing_buyer(request)
    headers = {"Content-Disposition": 'attachment; filename="suppliers.xlsx"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(write_workbook(template_sheets()), content_type=XLSX, headers=headers)


def fetch_import(request: HttpRequest, pk: UUID) -> Job:
    """Return an import of an organisation the reader may import for; 404 for others."""
    job = get_object_or_404(visible_imports(signed_in(request)), pk=pk)
    buyer = Organisation.objects.filter(pk=job.organisation_id or 0).first()
    if buyer is None:
        raise Http404
    if not may(signed_in(request), "import_suppliers", buyer):
        raise PermissionDenied
    return job


@login_required
def supplier_import_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one import; htmx asks again for its bar alone until it has ended, then the page is loaded anew."""
    job = fetch_import(request, pk)
    progress = {**progress_of(job), "poll_url": reverse("supplier_import_detail", args=[job.pk])}
    if request.headers.get("HX-Request") and is_running(job):
        return render(request, "components/job_progress.html", {"job": progress})
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    detail = job.result.get("detail")
    context = {
        "job": progress,
        "row": job,
        "faults": detail if isinstance(detail, list) else [],
        "most_faults": services.KEPT_PROBLEMS,
        "counts": job.result.get("counts"),
        "may_fetch": job.result_file_id is not None and job.actor_id == signed_in(request).pk,
        "may_apply": job.state == JobState.DONE and bool(job.params.get("preview")) and job.source_file_id,
    }
    return render(request, "imports/detail.html", context)


@require_POST
@login_required
def supplier_import_apply(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Import a table that was only checked before."""
    checked, user = fetch_import(request, pk), signed_in(request)
    if checked.source_file is None or checked.state != JobState.DONE:
        raise DomainError(_("This table cannot be imported any more. Upload it again."), code="gone")
    buyer = Organisation.objects.get(pk=checked.organisation_id or 0)
    job = services.start_import(
        file=checked.source_file, organisation=buyer, actor=user, return_path=reverse("supplier_import")
    )
    return redirect("supplier_import_detail", job.pk)
