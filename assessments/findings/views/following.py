"""Deciding about a finding: confirm, dismiss, merge, dispute, make collaborative, close, open again."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.findings import services
from assessments.findings.enums import CloseReason
from assessments.findings.models import Finding
from assessments.findings.views.access import answer_form, fetch_finding
from assessments.findings.views.detail import form_of
from portal.accounts.queries import signed_in

Deed = Callable[[dict[str, Any]], Any]


def decide(request: HttpRequest, finding: Finding, name: str, deed: Deed, done: str) -> HttpResponse:
    """Do a decision with what its form holds."""
    return answer_form(request, finding, name, form_of(name, finding, request.POST), deed, done=done)


@require_POST
@login_required
def finding_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm what a rule found; its clock starts today."""
    finding = fetch_finding(request, pk, "confirm")
    services.confirm_finding(finding=finding, actor=signed_in(request))
    messages.success(request, _("The finding is confirmed. The site now has to hand in a plan."))
    return redirect("finding_detail", finding.pk)


@require_POST
@login_required
def finding_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Close what a rule found and the buyer does not confirm."""
    finding, actor = fetch_finding(request, pk, "dismiss"), signed_in(request)

    def deed(clean: dict[str, Any]) -> None:
        services.dismiss_finding(finding=finding, note=clean["note"], actor=actor)

    return decide(request, finding, "dismiss", deed, _("The finding is dismissed."))


@require_POST
@login_required
def finding_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a finding that another one of the same site stands for."""
    finding, actor = fetch_finding(request, pk, "merge"), signed_in(request)

    def deed(clean: dict[str, Any]) -> None:
        services.merge_finding(finding=finding, into=clean["into"], note=clean["note"], actor=actor)

    return decide(request, finding, "merge", deed, _("The findings are merged."))


@require_POST
@login_required
def finding_dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """Say for the site that a finding is wrong."""
    finding, actor = fetch_finding(request, pk, "dispute"), signed_in(request)

    def deed(clean: dict[str, Any]) -> None:
        services.dispute_finding(finding=finding, note=clean["note"], actor=actor)

    return decide(request, finding, "dispute", deed, _("The finding is disputed. Whoever manages it decides."))


@require_POST
@login_required
def finding_settle_dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide whether a disputed finding stands."""
    finding, actor = fetch_finding(request, pk, "decide_dispute"), signed_in(request)

    def deed(clean: dict[str, Any]) -> None:
        services.decide_dispute(finding=finding, upheld=clean["upheld"], note=clean["note"], actor=actor)

    return decide(request, finding, "settle_dispute", deed, _("The dispute is decided."))


@require_POST
@login_required
def finding_collaborate(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the site cannot mend it alone."""
    finding, actor = fetch_finding(request, pk, "make_collaborative"), signed_in(request)

    def deed(clean: dict[str, Any]) -> None:
        services.make_collaborative(finding=finding, note=clean["note"], actor=actor)

    return decide(request, finding, "collaborate", deed, _("The finding is collaborative. No due date runs."))


@require_POST
@login_required
def finding_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an unsettled finding, or open a settled one again."""
    finding, actor = fetch_finding(request, pk, "close"), signed_in(request)

    def close(clean: dict[str, Any]) -> None:
        reason = CloseReason(clean["reason"])
        services.close_finding(finding=finding, reason=reason, note=clean["note"], actor=actor)

    def reopen(clean: dict[str, Any]) -> None:
        services.reopen_finding(finding=finding, note=clean["note"], actor=actor)

    # Only the form that closes names a reason: a page left open must not open again what somebody else closed.
    if finding.is_settled and "reason" not in request.POST:
        return decide(request, finding, "reopen", reopen, _("The finding is open again."))
    return decide(request, finding, "close", close, _("The finding is closed."))
