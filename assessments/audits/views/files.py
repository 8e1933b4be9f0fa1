"""Files of an audit: photos behind checkpoints, the report, the acknowledgement; upload, list, checked downloads."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.audits.enums import WRITING_STATES, FileUse
from assessments.audits.models import Audit, AuditFile
from assessments.audits.permissions import may
from assessments.audits.queries import programme_of
from assessments.audits.queries.writing import files_of, section_of
from assessments.audits.services.filing import TAKEN_IN, add_audit_file, remove_audit_file
from assessments.audits.views.fetching import fetch_audit
from assessments.audits.views.points import PICTURES, PointDesk, file_line
from assessments.audits.views.saving import refuse_stranger
from assessments.audits.views.writing import can_write, fetch_form, point_url, section_or_404
from assessments.responses.views.autosave import refuse
from portal.accounts.queries import signed_in
from portal.files.services import file_response, shrink_picture
from portal.lib.errors import DomainError
from portal.trail.services import address_of, record

PAPERS = (FileUse.REPORT, FileUse.ACKNOWLEDGEMENT)


@require_http_methods(["GET", "POST"])
@login_required
def audit_files(request: HttpRequest, pk: int) -> HttpResponse:
    """List the files of an audit, or take uploads; several at once, each stored or refused on its own."""
    if request.method == "POST":
        return take_files(request, pk)
    audit = fetch_form(request, pk)
    if not can_write(audit) and not may(request.user, "read_conclusions", audit):
        raise PermissionDenied
    checkpoint = request.GET.get("checkpoint", "")
    if checkpoint and request.headers.get("HX-Request"):
        return render_part(request, audit, checkpoint)
    return render(request, "audits/files.html", papers_context(audit))


def papers_context(audit: Audit) -> dict[str, Any]:
    """Return the report, the acknowledgement and what may be added to them."""
    groups = []
    for use in PAPERS:
        may_add = can_write(audit) and audit.state in TAKEN_IN[use]
        lines = [file_line(audit, row, may_add) for row in files_of(audit, use)]
        groups.append({"use": str(use), "label": use.label, "lines": lines, "may_add": may_add})
    return {"audit": audit, "groups": groups, "upload_limit_mb": settings.UPLOAD_LIMIT_MB}


def take_files(request: HttpRequest, pk: int) -> HttpResponse:
    """Store what was sent; the script of the form is answered in JSON, one file at a time."""
    wants_json = "application/json" in request.headers.get("Accept", "")
    if wants_json and (refusal := refuse_stranger(request)):
        return refusal
    audit = fetch_form(request, pk)
    if not can_write(audit):
        if wants_json:
            return refuse(403, "forbidden", _("You may read this audit but not write in it. Ask the firm's manager."))
        raise PermissionDenied
    use, checkpoint = request.POST.get("use", ""), request.POST.get("checkpoint", "")
    uploads = request.FILES.getlist("file")
    if wants_json:
        return take_one(request, audit, uploads, use, checkpoint)
    refusals = [] if uploads else [_("Choose a file first.")]
    for upload in uploads:
        try:
            add_audit_file(audit=audit, upload=upload, use=use, checkpoint=checkpoint, actor=signed_in(request))
        except DomainError as error:
            refusals.append(error.message if str(upload.name) in error.message else f"{upload.name}: {error.message}")
    if request.headers.get("HX-Request"):
        return render_part(request, audit, checkpoint, " ".join(refusals))
    for text in refusals:
        messages.error(request, text)
    return back_to(audit, checkpoint)


def take_one(
    request: HttpRequest, audit: Audit, uploads: "Sequence[File[bytes]]", use: str, checkpoint: str
) -> JsonResponse:
    """Store one file; the answer has the shape of an autosave's, so that one outbox understands both."""
    if len(uploads) != 1:
        return refuse(400, "one_file", _("The picture did not arrive whole. Take it again."))
    try:
        row = add_audit_file(audit=audit, upload=uploads[0], use=use, checkpoint=checkpoint, actor=signed_in(request))
    except DomainError as error:
        return refuse(error.status, error.code, error.message, error.detail)
    return JsonResponse({"version": 1, "saved_at": row.added_at.isoformat(), "name": row.file.name})


def render_part(request: HttpRequest, audit: Audit, checkpoint: str, error: str = "") -> HttpResponse:
    """Answer htmx with the files of one checkpoint alone."""
    programme = programme_of(audit.programme)
    if checkpoint not in programme.by_code:
        raise Http404
    section = section_or_404(programme, section_of(programme, checkpoint).code)
    desk = PointDesk(audit, section, can_edit=can_write(audit) and audit.state in WRITING_STATES)
    context = {
        "card": desk.card(programme.by_code[checkpoint]),
        "audit": audit,
        "can_edit": desk.can_edit,
        "upload_error": error,
        "upload_limit_mb": settings.UPLOAD_LIMIT_MB,
    }
    return render(request, "components/conclusion_files.html", context)


def back_to(audit: Audit, checkpoint: str) -> HttpResponse:
    """Go back to the checkpoint, or to the papers."""
    programme = programme_of(audit.programme)
    if checkpoint in programme.by_code:
        return redirect(point_url(audit, programme, checkpoint))
    return redirect("audit_files", audit.pk)


@login_required
def audit_file(request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:
    """Hand out a file to those who may read the conclusions; `small` gives a picture the size of a list."""
    audit = fetch_audit(request, pk, "read_conclusions")
    row = get_object_or_404(audit.files.select_related("file"), pk=file_pk)
    if request.GET.get("small") and row.file.content_type in PICTURES:
        return small_picture(row)
    answer: FileResponse = file_response(row.file)
    record(
        "download_file",
        actor=signed_in(request),
        thing=row.file,
        organisation_id=audit.site.organisation_id,
        address=address_of(request),
        name=row.file.name,
        audit=audit.pk,
    )
    return answer


def small_picture(row: AuditFile) -> HttpResponse:
    """Return a small copy of a picture; it never changes, so the browser keeps it for a day."""
    answer = HttpResponse(shrink_picture(row.file), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=86400, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
@login_required
def audit_file_remove(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """Take a file from the audit."""
    audit = fetch_form(request, pk)
    if not can_write(audit):
        raise PermissionDenied
    row = get_object_or_404(AuditFile.objects.select_related("file"), pk=file_pk, audit=audit)
    row.audit = audit
    checkpoint = row.checkpoint
    remove_audit_file(row=row, actor=signed_in(request))
    if request.headers.get("HX-Request") and checkpoint:
        return render_part(request, audit, checkpoint)
    return back_to(audit, checkpoint)
