"""Deciding about a finding: confirm, dismiss, merge, dispute, make collaborative, close, open again."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.findings import services
from assessments.findings.enums import CloseReason
from assessments.findings.models import Finding
from assessments.findings.permissions import may
from assessments.findings.queries import visible_findings
from assessments.findings.views.detail import RELATED, form_of, open_decisions, show_finding
from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError

Deed = Callable[[dict[str, Any]], Any]


def fetch(request: HttpRequest, pk: int, right: str) -> Finding:
    """Return a finding the reader sees and has the right for; 404 for strangers, 403 without the right."""
    finding = get_object_or_404(visible_findings(request.user).select_related(*RELATED), pk=pk)
    if not may(request.user, right, finding):
        raise PermissionDenied
    return finding


def decide(request: HttpRequest, finding: Finding, name: str, deed: Deed, done: str) -> HttpResponse:
    """Do a deed with what its form holds; with a mistake show the page again, nothing typed is lost."""
    form, status = form_of(name, finding, request.POST), 422
    if form.is_valid():
        try:
            deed(form.cleaned_data)
        except DomainError as refused:
            status = refused.status
            form.add_error(None, refused.message)
        else:
            messages.success(request, done)
            return redirect("finding_detail", finding.pk)
    fresh = visible_findings(request.user).select_related(*RELATED).get(pk=finding.pk)
    if name not in open_decisions(request.user, fresh):  # somebody else moved it: the form is gone, its sentence not
        for error in form.non_field_errors():
            messages.error(request, str(error))
    return show_finding(request, fresh, status, **{name: form})


@require_POST
@login_required
def finding_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm what a rule found; its clock starts today."""
    finding = fetch(request, pk, "confirm")
    services.confirm_finding(finding=finding, actor=signed_in(request))
    messages.success(request, _("The finding is confirmed. The site now has to hand in a plan."))
    return redirect("finding_detail", finding.pk)


@require_POST
@login_required
def finding_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Close what a rule found and the buyer does not confirm."""
    finding, actor = fetch(request, pk, "dismiss"), signed_in(request)

    def deed(clean: dict[str, Any]) -> None:
        services.dismiss_finding(finding=finding, note=clean["note"], actor=actor)

    return decide(request, finding, "dismiss", deed, _("The finding is dismissed."))


@require_POST
@login_required
def finding_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a finding that another one of the same site stands for."""
    finding, actor = fetch(request, pk, "merge"), signed_in(request)

    def deed(clean: dict[str, Any]) -> None:
        services.merge_finding(finding=finding, into=clean["into"], note=clean["note"], actor=actor)

    return decide(request, finding, "merge", deed, _("The findings are merged."))


@require_POST
@login_required
def finding_dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """Say for the site that a finding is wrong."""
    finding, actor = fetch(request, pk, "dispute"), signed_in(request)

    def deed(clean: dict[str, Any]) -> None:
        services.dispute_finding(finding=finding, note=clean["note"], actor=actor)

    return decide(request, finding, "dispute", deed, _("The finding is disputed. Whoever manages it decides."))


@require_POST
@login_required
def finding_settle_dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide whether a disputed finding stands."""
    finding, actor = fetch(request, pk, "decide_dispute"), signed_in(request)

    def deed(clean: dict[str, Any]) -> None:
        services.decide_dispute(finding=finding, upheld=clean["upheld"], note=clean["note"], actor=actor)

    return decide(request, finding, "settle_dispute", deed, _("The dispute is decided."))


@require_POST
@login_required
def finding_collaborate(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the site cannot mend it alone."""
    finding, actor = fetch(request, pk, "make_collaborative"), signed_in(request)

    def deed(clean: dict[str, Any]) -> None:
        services.make_collaborative(finding=finding, note=clean["note"], actor=actor)

    return decide(request, finding, "collaborate", deed, _("The finding is collaborative. No due date runs."))


@require_POST
@login_required
def finding_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an unsettled finding, or open a settled one again."""
    finding, actor = fetch(request, pk, "close"), signed_in(request)

    def close(clean: dict[str, Any]) -> None:
        reason = CloseReason(clean["reason"])
        services.close_finding(finding=finding, reason=reason, note=clean["note"], actor=actor)

    def reopen(clean: dict[str, Any]) -> None:
        services.reopen_finding(finding=finding, note=clean["note"], actor=actor)

    # Only the form that closes names a reason: a page left open must not open again what somebody else closed.
    if finding.is_settled and "reason" not in request.POST:
        return decide(request, finding, "reopen", reopen, _("The finding is open again."))
    return decide(request, finding, "close", close, _("The finding is closed."))
