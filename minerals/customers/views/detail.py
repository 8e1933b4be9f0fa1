"""One request: what is asked, the answers made, and the deeds on it."""

from typing import Any

import msgspec
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from minerals.customers.enums import RequestState
from minerals.customers.forms import AnswerForm, DeclineForm
from minerals.customers.models import BlankTemplate, CustomerAnswer, CustomerRequest
from minerals.customers.permissions import may_in
from minerals.customers.queries import best_blank
from minerals.customers.reports import letter_text, subject_of
from minerals.customers.services import decline_request, reopen_request, start_answers
from minerals.customers.views.fetching import fetch_request
from minerals.templates_io.document import Issue
from minerals.templates_io.queries import say_issue
from portal.accounts.queries import signed_in
from portal.files.services import file_response
from portal.lib.errors import DomainError
from portal.trail.services import record

FILES = ("file", "letter")


@login_required
def customer_request_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One request with its answers."""
    return show_request(request, fetch_request(request, pk))


def show_request(
    request: HttpRequest, asked: CustomerRequest, *, status: int = 200, decline_form: DeclineForm | None = None
) -> HttpResponse:
    """Show the page; `decline_form` is one sent with mistakes."""
    answers = list(asked.answers.select_related("file", "letter", "made_by").order_by("-number"))
    may_answer = may_in(request.user, "answer", asked.owner)
    given = next((answer for answer in answers if answer.is_complete), None)
    context: dict[str, Any] = {
        "asked": asked,
        "answers": answers,
        "given": given,
        "lacking": lacks_of(answers[0]) if answers and not answers[0].is_complete else [],
        "letter": letter_of(asked, given) if given else None,
        "changes": list(asked.changes.select_related("actor").order_by("-pk")),
        "may_enter": may_in(request.user, "enter", asked.owner),
        "may_answer": may_answer and asked.state != RequestState.DECLINED,
        "answer_form": answer_form(asked) if may_answer else None,
        "decline_form": decline_form or DeclineForm(),
    }
    return render(request, "minerals/customers/detail.html", context, status=status)


def answer_form(asked: CustomerRequest, data: Any = None) -> AnswerForm | None:
    """Return the choice of blanks with the best one chosen; None where there is none of this template."""
    blanks = BlankTemplate.objects.filter(owner=asked.owner_id, template=asked.template).order_by("-uploaded_at")
    best = best_blank(asked.owner_id, asked.template, asked.version)
    return AnswerForm(data, blanks=blanks, initial={"blank": best.pk}) if best else None


def lacks_of(answer: CustomerAnswer) -> list[str]:
    """Return what the company has not said yet, as sentences."""
    return [say_issue(issue) for issue in msgspec.convert(answer.missing, list[Issue])]


def letter_of(asked: CustomerRequest, answer: CustomerAnswer) -> dict[str, str]:
    """Return the letter as text to copy, in the customer's language."""
    with override(asked.language):
        return {"subject": subject_of(asked), "text": letter_text(asked, answer.facts)}


@require_POST
@login_required
def customer_request_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Start the job that makes the answer."""
    asked = fetch_request(request, pk, "answer")
    form = answer_form(asked, request.POST)
    if form is None:
        messages.error(request, _("Upload a blank template of this kind first."))
        return redirect("blank_list")
    blank = form.cleaned_data["blank"] if form.is_valid() else None
    back = reverse("customer_request_detail", args=[asked.pk])
    try:
        job = start_answers(owner=asked.owner, ids=[asked.pk], actor=signed_in(request), blank=blank, return_path=back)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(back)
    return redirect("job_detail", job.pk)


@require_POST
@login_required
def customer_request_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Decline a request."""
    asked = fetch_request(request, pk, "enter")
    form = DeclineForm(request.POST)
    if form.is_valid():
        try:
            decline_request(request=asked, reason=form.cleaned_data["reason"], actor=signed_in(request))
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The request is declined."))
            return redirect("customer_request_detail", asked.pk)
    return show_request(request, asked, status=422, decline_form=form)


@require_POST
@login_required
def customer_request_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take up a declined request again."""
    asked = fetch_request(request, pk, "enter")
    try:
        reopen_request(request=asked, actor=signed_in(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The request is open again."))
    return redirect("customer_request_detail", asked.pk)


@require_safe
@login_required
def customer_answer_file(request: HttpRequest, pk: int, number: int, which: str) -> FileResponse:
    """Hand out the filled template or the letter of an answer."""
    asked = fetch_request(request, pk)
    answer = get_object_or_404(asked.answers.select_related("file", "letter"), number=number)
    stored = getattr(answer, which) if which in FILES else None
    if stored is None:
        raise Http404
    response = file_response(stored)
    record("download_file", actor=signed_in(request), thing=stored, organisation_id=asked.owner_id, name=stored.name)
    return response
