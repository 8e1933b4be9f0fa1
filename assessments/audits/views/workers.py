"""The worker profile of an audit: who works at the site, and how many of them were interviewed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.audits.enums import WRITING_STATES, WorkerGroup
from assessments.audits.forms.workers import WorkersForm
from assessments.audits.models import Audit
from assessments.audits.permissions import may
from assessments.audits.services.profiling import Heads, save_worker_profile
from assessments.audits.views.writing import can_write, fetch_form
from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError

COUNTED_APART = (WorkerGroup.CONTRACTORS, WorkerGroup.TRAINEES)


@require_http_methods(["GET", "POST"])
@login_required
def audit_workers(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the worker profile, or save it."""
    audit = fetch_form(request, pk)
    if request.method == "POST":
        if not can_write(audit):
            raise PermissionDenied
        return save_profile(request, audit)
    if not can_write(audit) and not may(request.user, "read_conclusions", audit):
        raise PermissionDenied
    return show_profile(request, audit, WorkersForm(standing=heads_of(audit)))


def save_profile(request: HttpRequest, audit: Audit) -> HttpResponse:
    """Save the table, or show it again with what is wrong."""
    form = WorkersForm(request.POST, standing=heads_of(audit))
    if form.is_valid():
        try:
            save_worker_profile(audit=audit, counts=form.heads(), actor=signed_in(request))
        except DomainError as error:
            group = error.detail.get("group") if isinstance(error.detail, dict) else None
            form.add_error(f"{group}-interviewed" if group in WorkerGroup.values else None, error.message)
    if form.errors:
        return show_profile(request, audit, form, status=422)
    messages.success(request, _("The worker profile was saved."))
    return redirect("audit_workers", audit.pk)


def heads_of(audit: Audit) -> dict[str, Heads]:
    """Return the profile as it stands, by group."""
    return {row.group: Heads(row.women, row.men, row.interviewed) for row in audit.worker_counts.all()}


def show_profile(request: HttpRequest, audit: Audit, form: WorkersForm, status: int = 200) -> HttpResponse:
    """Render the table with its sums."""
    context: dict[str, Any] = {
        "audit": audit,
        "form": form,
        "rows": list(form.rows()),
        "can_edit": can_write(audit) and audit.state in WRITING_STATES,
        "total": sum_heads(form.standing.values()),
        "apart": [(group.label, form.standing.get(group, Heads())) for group in COUNTED_APART],
    }
    return render(request, "audits/workers.html", context, status=status)


def sum_heads(heads: Any) -> Heads:
    """Return all groups together."""
    found = list(heads)
    return Heads(
        women=sum(one.women for one in found),
        men=sum(one.men for one in found),
        interviewed=sum(one.interviewed for one in found),
    )
