"""An audit to take along: its summary as a PDF, every conclusion as a workbook."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from assessments.audits.views.fetching import fetch_audit
from portal.accounts.queries import signed_in
from portal.jobs.services import start_job
from portal.trail.services import record
from suppliers.organisations.queries import current_workspace

JOBS = {"pdf": "audits.summary", "xlsx": "audits.conclusions"}


@require_POST
@login_required
def audit_take(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Start the file of an audit that the reader may read, in the reader's language."""
    audit = fetch_audit(request, pk, "read_conclusions")
    workspace = current_workspace(request)
    here = workspace.organisation.pk if workspace else None
    record("take_audit", actor=signed_in(request), thing=audit, organisation_id=here, kind=form)
    job = start_job(
        JOBS[form],
        actor=signed_in(request),
        organisation_id=here,
        params={"audit_id": audit.pk},
        return_path=reverse("audit_detail", args=[audit.pk]),
    )
    return redirect("job_detail", job.pk)
