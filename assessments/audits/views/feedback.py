"""The draft between site and auditors: what the site says, what the auditors answer."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.audits.document import Programme
from assessments.audits.enums import AuditState
from assessments.audits.forms.feedback import AnswerForm, FeedbackForm
from assessments.audits.models import Audit, Feedback
from assessments.audits.permissions import may
from assessments.audits.queries import programme_of
from assessments.audits.services.feedback import ANSWERING_STATES, answer_feedback, give_feedback
from assessments.audits.views.fetching import fetch_audit
from assessments.audits.views.writing import point_url
from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError
from portal.lib.texts import pick_text


@require_http_methods(["GET", "POST"])
@login_required
def audit_feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what site and auditors wrote to each other, or take a remark of the site."""
    audit = fetch_audit(request, pk, "give_feedback" if request.method == "POST" else "read_conclusions")
    programme = programme_of(audit.programme)
    first = {"checkpoint": request.GET.get("checkpoint", "")}
    form = FeedbackForm(request.POST or None, programme=programme, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            give_feedback(audit=audit, actor=signed_in(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Your remark was saved. The auditors read it once you end the feedback."))
            return redirect("audit_feedback", audit.pk)
    return show_feedback(request, audit, form)


def show_feedback(
    request: HttpRequest, audit: Audit, form: FeedbackForm | None, answer: tuple[int, AnswerForm] | None = None
) -> HttpResponse:
    """Render the page; `answer` is a refused answer and the remark it belongs to."""
    programme = programme_of(audit.programme)
    can_answer = audit.state in ANSWERING_STATES and may(request.user, "answer_feedback", audit)
    rows = audit.feedback.select_related("author", "replied_by").order_by("pk")
    context: dict[str, Any] = {
        "audit": audit,
        "can_give": audit.state == AuditState.FEEDBACK and may(request.user, "give_feedback", audit),
        "can_answer": can_answer,
        "form": form or FeedbackForm(programme=programme),
        "remarks": [remark_of(audit, programme, row, can_answer, answer) for row in rows],
    }
    failed = answer is not None or (form is not None and bool(form.errors))
    return render(request, "audits/feedback.html", context, status=422 if failed else 200)


def remark_of(
    audit: Audit, programme: Programme, row: Feedback, can_answer: bool, answer: tuple[int, AnswerForm] | None
) -> dict[str, Any]:
    """Return one remark as the page shows it, with the form to answer it."""
    form = None
    if can_answer:
        first = {"reply": row.reply, "incorporated": {True: "yes", False: "no"}.get(row.incorporated, "")}  # type: ignore[arg-type]
        form = answer[1] if answer and answer[0] == row.pk else AnswerForm(initial=first, prefix=f"r{row.pk}")
    point = programme.by_code.get(row.checkpoint)
    return {
        "row": row,
        "title": f"{point.code} {pick_text(point.title)[0]}" if point else _("The draft as a whole"),
        "url": point_url(audit, programme, point.code) if point else "",
        "form": form,
    }


@require_POST
@login_required
def audit_feedback_answer(request: HttpRequest, pk: int, feedback_pk: int) -> HttpResponse:
    """Answer one remark of the site."""
    audit = fetch_audit(request, pk, "answer_feedback")
    row = get_object_or_404(Feedback, pk=feedback_pk, audit=audit)
    row.audit = audit
    form = AnswerForm(request.POST, prefix=f"r{row.pk}")
    if form.is_valid():
        try:
            answer_feedback(feedback=row, actor=signed_in(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The answer was saved."))
            return redirect("audit_feedback", audit.pk)
    if not may(request.user, "read_conclusions", audit):
        raise PermissionDenied
    return show_feedback(request, audit, None, (row.pk, form))
