"""The hub of one response: its sections, who takes care of which, and what can be done with it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.questionnaires.queries import document_of
from assessments.responses import services
from assessments.responses.enums import ResponseState
from assessments.responses.forms import DeclineForm, WorkbookForm
from assessments.responses.lifecycle import TRANSITIONS
from assessments.responses.models import Response
from assessments.responses.permissions import may
from assessments.responses.queries import assignments_of, buyers_message, colleagues_of, latest_submission
from assessments.responses.views.access import (
    can_answer,
    fetch_answering,
    fetch_for,
    fetch_own,
    reader_of,
    section_or_404,
)
from assessments.responses.views.cards import CardDesk
from assessments.responses.views.rows import response_row
from assessments.responses.views.sections import frame_context
from portal.accounts.models import User
from portal.lib.texts import pick_text


@login_required
def response_hub(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one request in one place."""
    response = fetch_own(request, pk)
    if response.opened_at is None:
        services.open_response(response=response)
    document = document_of(response.version)
    desk = CardDesk(response, document, can_edit=False)
    assigned = assignments_of(response)
    frame = frame_context(response, document, desk)
    can_edit = response.is_editable and can_answer(response)
    targets = TRANSITIONS[ResponseState(response.state)]
    is_manager = may(request.user, "submit", response)
    comments = [
        {"comment": comment, "section": document.section_codes.get(code, "")} for code, comment in desk.comments.items()
    ]
    context = {
        **frame,
        "rows": [{"section": section, "person": assigned.get(section.code)} for section in frame["sections"]],
        "next_section": next((section for section in frame["sections"] if not section.is_complete), None),
        "state": response_row(response),
        "carried": len(desk.standing.unconfirmed),
        "can_edit": can_edit,
        "colleagues": list(colleagues_of(response)) if can_edit else [],
        "may_withdraw": is_manager and response.state == ResponseState.SUBMITTED,
        "may_decline": is_manager and ResponseState.DECLINED in targets,
        "comments": comments if response.state == ResponseState.RETURNED else [],
        "returned": last_return(response),
        "submission": latest_submission(response) if response.submitted_at else None,
        "message": pick_text(buyers_message(response))[0],
        "workbook_form": WorkbookForm(),
    }
    return render(request, "responses/hub.html", context)


def last_return(response: Response) -> str:
    """Return what the buyer wrote when returning the answers."""
    if response.state != ResponseState.RETURNED:
        return ""
    change = response.changes.filter(target=ResponseState.RETURNED).order_by("-at").first()
    return change.reason if change else ""


@require_POST
@login_required
def section_assign(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """Give a section to a colleague."""
    response = fetch_answering(request, pk)
    section_or_404(document_of(response.version), section)
    chosen = request.POST.get("user", "")
    user = get_object_or_404(User, pk=chosen) if chosen.isascii() and chosen.isdigit() else None
    services.assign_section(response=response, section=section, user=user, actor=reader_of(request))
    messages.success(request, _("Saved who takes care of the section."))
    return redirect("response_hub", pk)


@require_POST
@login_required
def response_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a submission back."""
    response = fetch_for(request, pk, "withdraw")
    services.withdraw_response(response=response, actor=reader_of(request))
    messages.success(request, _("The answers are withdrawn. Change what you need to and submit them again."))
    return redirect("response_hub", pk)


@require_http_methods(["GET", "POST"])
@login_required
def response_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then decline."""
    response = fetch_for(request, pk, "decline")
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        services.decline_response(response=response, reason=reason, actor=reader_of(request))
        messages.success(request, _("The request is declined. Your buyer sees the reason."))
        return redirect("inbox")
    status = 422 if form.is_bound else 200
    return render(request, "responses/decline.html", {"response": response, "form": form}, status=status)
