"""The Excel round trip of a plan: download, upload, see every change, save."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assessments.findings.forms.planning import WorkbookForm
from assessments.findings.models import CorrectiveAction, Finding
from assessments.findings.permissions import may
from assessments.findings.queries.plans import action_of
from assessments.findings.services.following import note_deed
from assessments.findings.services.offline import (
    HEADS,
    XLSX,
    PlanUpload,
    apply_plans,
    read_plans,
    store_plans,
    write_plans,
)
from assessments.findings.views.plans import fetch_batch
from assessments.findings.workbook import Change, Difference, Plan
from portal.accounts.queries import signed_in
from portal.files.models import StoredFile
from portal.lib.errors import DomainError
from portal.lib.formats import shown_date


def fetch_own(request: HttpRequest, source: str, source_id: int) -> list[Finding]:
    """Return the findings of a plan that the reader may write; 403 for readers of any side."""
    rows = fetch_batch(request, source, source_id)
    if not may(request.user, "plan", rows[0]):
        raise PermissionDenied
    return rows


@login_required
def plan_batch_workbook(request: HttpRequest, source: str, source_id: int) -> HttpResponse:
    """Download the plans so far."""
    rows = fetch_own(request, source, source_id)
    note_deed("download_plan", rows[0], signed_in(request))
    name = get_valid_filename(f"{_('Corrective action plan')} {rows[0].site.name}.xlsx")
    answer = HttpResponse(write_plans(rows), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@login_required
def plan_batch_upload(request: HttpRequest, source: str, source_id: int) -> HttpResponse:
    """Take a filled-in workbook; nothing is saved before its changes were looked at."""
    rows = fetch_own(request, source, source_id)
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose the Excel file you filled in."))
        return redirect("plan_batch", source, source_id)
    upload = form.cleaned_data["file"]
    try:
        stored = store_plans(findings=rows, file=upload, name=upload.name, actor=signed_in(request))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("plan_batch", source, source_id)
    return redirect("plan_batch_compare", source, source_id, stored.pk)


@require_http_methods(["GET", "POST"])
@login_required
def plan_batch_compare(request: HttpRequest, source: str, source_id: int, file_id: UUID) -> HttpResponse:
    """Show what a workbook would change; save it when asked to."""
    rows = fetch_own(request, source, source_id)
    own = {"organisation_id": rows[0].site.organisation_id, "uploaded_by": signed_in(request)}
    stored = get_object_or_404(StoredFile.objects.filter(**own), pk=file_id)
    upload = read_plans(rows, stored)
    if request.method == "POST" and not upload.bad_cells:
        try:
            return apply_upload(request, rows, upload)
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("plan_batch_compare", source, source_id, file_id)
    status = 422 if upload.bad_cells else 200
    return render(request, "actions/compare.html", compare_context(rows, upload), status=status)


def apply_upload(request: HttpRequest, rows: list[Finding], upload: PlanUpload) -> HttpResponse:
    """Save the changes and say how many; the versions shown must be those that stand."""
    if request.POST.get("seen", "") != upload.versions:
        raise DomainError(_("Plans changed while this page stood open. Look at the changes again."), code="changed")
    take = [one.finding_id for one in upload.of(Change.CONFLICT) if request.POST.get(f"use-{one.finding_id}") == "file"]
    saved = apply_plans(findings=rows, differences=upload.differences, take=take, actor=signed_in(request))
    message = ngettext("%(count)d plan was saved.", "%(count)d plans were saved.", saved)
    messages.success(request, message % {"count": saved})
    return redirect("plan_batch", rows[0].source, rows[0].source_id)


@dataclass
class ChangeLine:
    """One plan that differs, as the page shows it: (label, before, after) per field."""

    finding: Finding
    action: CorrectiveAction | None
    cells: list[tuple[str, str, str]] = field(default_factory=list)


def compare_context(rows: list[Finding], upload: PlanUpload) -> dict[str, Any]:
    """Return what the page of changes shows."""
    by_id = {finding.pk: finding for finding in rows}

    def lines(change: Change) -> list[ChangeLine]:
        return [change_line(by_id[one.finding_id], one) for one in upload.of(change)]

    conflicts, changed = lines(Change.CONFLICT), lines(Change.CHANGED) + lines(Change.NEW)
    return {
        "first": rows[0],
        "bad_cells": upload.bad_cells,
        "conflicts": conflicts,
        "changed": changed,
        "unchanged": len(upload.of(Change.UNCHANGED)),
        "anything": bool(conflicts or changed),
        "seen": upload.versions,
    }


def change_line(finding: Finding, one: Difference) -> ChangeLine:
    """Return one plan that differs in words."""
    cells = [
        (str(HEADS[name]), shown_value(one.online.plan, name), shown_value(one.mine, name)) for name in one.columns
    ]
    return ChangeLine(finding, action_of(finding), cells)


def shown_value(plan: Plan, name: str) -> str:
    """Return one value of a plan in words."""
    value = getattr(plan, name)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return value or "–" if isinstance(value, str) else shown_date(value)
