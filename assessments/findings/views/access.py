"""What the deeds on a finding share: fetching with rights, answering a form."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from assessments.findings.models import Finding
from assessments.findings.permissions import may
from assessments.findings.queries import visible_findings
from assessments.findings.views.detail import RELATED, detail_context
from portal.lib.errors import DomainError


def fetch_finding(request: HttpRequest, pk: int, right: str) -> Finding:
    """Return a finding the reader sees and has the right for; 404 for strangers, 403 without the right."""
    finding = get_object_or_404(visible_findings(request.user).select_related(*RELATED), pk=pk)
    if not may(request.user, right, finding):
        raise PermissionDenied
    return finding


def answer_form(
    request: HttpRequest,
    finding: Finding,
    name: str,
    form: Form,
    deed: Callable[[dict[str, Any]], Any],
    *,
    done: str,
) -> HttpResponse:
    """Do a deed with what a form of the page holds; with a mistake show the page again, nothing typed is lost."""
    status = 422
    if form.is_valid():
        try:
            deed(form.cleaned_data)
        except DomainError as error:
            status = error.status
            form.add_error(None, error.message)
        else:
            messages.success(request, done)
            return redirect("finding_detail", finding.pk)
    return show_again(request, finding, name, form, status)


def show_again(request: HttpRequest, finding: Finding, name: str, form: Form, status: int) -> HttpResponse:
    """Show the page of a finding as it stands now with a form that could not be taken."""
    fresh = visible_findings(request.user).select_related(*RELATED).get(pk=finding.pk)
    context = detail_context(request, fresh, **{name: form})
    shown = context["plan"].deeds | {decision.name for decision in context["decisions"]}
    if name not in shown:  # somebody else moved it: the form is gone, its sentence must not be
        for sentence in form.non_field_errors():
            messages.error(request, str(sentence))
    return render(request, "findings/detail.html", context, status=status)
