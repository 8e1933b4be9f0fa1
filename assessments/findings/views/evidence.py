"""Files beside a finding: upload, download, removal."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from assessments.findings import services
from assessments.findings.forms.planning import FileForm
from assessments.findings.models import ActionFile, Finding
from assessments.findings.queries import visible_findings
from assessments.findings.views.access import fetch_finding, show_again
from portal.accounts.queries import signed_in
from portal.files.services import file_response
from portal.lib.errors import DomainError
from portal.trail.services import record


@require_POST
@login_required
def action_files(request: HttpRequest, pk: int) -> HttpResponse:
    """Take uploads; several at once, each stored or refused on its own."""
    finding = fetch_finding(request, pk, "add_file")
    form = FileForm(request.POST, auto_id="file-%s")
    uploads = request.FILES.getlist("file")
    if not form.is_valid():
        return show_again(request, finding, "file", form, 422)
    refusals = [] if uploads else [_("Choose a file first.")]
    for upload in uploads:
        try:
            note = form.cleaned_data["note"]
            services.add_action_file(finding=finding, upload=upload, note=note, actor=signed_in(request))
        except DomainError as error:
            refusals.append(error.message if str(upload.name) in error.message else f"{upload.name}: {error.message}")
    if refusals:
        for refusal in refusals:
            form.add_error(None, refusal)
        return show_again(request, finding, "file", form, 422)
    message = ngettext("%(count)d file is added.", "%(count)d files are added.", len(uploads))
    messages.success(request, message % {"count": len(uploads)})
    return redirect("finding_detail", finding.pk)


@login_required
def action_file(request: HttpRequest, pk: int, file_pk: int) -> FileResponse:
    """Hand out a file to everybody who sees the finding, and note who took it."""
    finding = get_object_or_404(visible_findings(request.user).select_related("relationship"), pk=pk)
    row = fetch_file(finding, file_pk)
    answer = file_response(row.file)
    record(
        "download_file",
        actor=signed_in(request),
        thing=row.file,
        organisation_id=finding.relationship.buyer_id,
        name=row.file.name,
    )
    return answer


@require_POST
@login_required
def action_file_remove(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """Take away a file; only the person who added it may."""
    finding = fetch_finding(request, pk, "add_file")
    row = fetch_file(finding, file_pk)
    if row.added_by_id != signed_in(request).pk:
        raise PermissionDenied
    services.remove_action_file(row=row, actor=signed_in(request))
    messages.success(request, _("The file is removed."))
    return redirect("finding_detail", finding.pk)


def fetch_file(finding: Finding, file_pk: int) -> ActionFile:
    """Return a file of this finding."""
    row = get_object_or_404(finding.files.select_related("file"), pk=file_pk)
    row.finding = finding
    return row
