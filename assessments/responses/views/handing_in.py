"""Check and submit: every gap with its link, then the attestation, then the receipt."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.questionnaires.document import Document
from assessments.questionnaires.queries import document_of
from assessments.responses import services
from assessments.responses.enums import ResponseState
from assessments.responses.forms import AttestForm
from assessments.responses.models import Response
from assessments.responses.permissions import may
from assessments.responses.queries import latest_submission
from assessments.responses.services.sentences import GAPS
from assessments.responses.views.access import fetch_own, reader_of
from assessments.responses.views.cards import CardDesk
from assessments.responses.views.sections import frame_context
from portal.lib.errors import ConflictError, DomainError


@dataclass(frozen=True)
class Gap:
    """One thing to mend, with the way to it."""

    code: str
    number: int
    text: str
    reason: str
    url: str


@dataclass(frozen=True)
class GapGroup:
    """The things to mend of one section."""

    title: str
    gaps: tuple[Gap, ...]


@require_http_methods(["GET", "POST"])
@login_required
def response_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is missing; once nothing is, take the attestation and submit."""
    response = fetch_own(request, pk)
    if response.is_handed_in:
        return redirect("response_submitted", pk)
    may_submit = may(request.user, "submit", response)
    form = AttestForm(initial={"attested_name": reader_of(request).name})
    status = 200
    if request.method == "POST":
        if not may_submit:
            raise PermissionDenied
        form = AttestForm(request.POST)
        if form.is_valid():
            try:
                return submit(request, response, form.cleaned_data["attested_name"])
            except DomainError as error:
                form.add_error(None, error.message)
        status = 422
    return render(request, "responses/check.html", check_context(response, may_submit, form), status=status)


def submit(request: HttpRequest, response: Response, attested_name: str) -> HttpResponse:
    """Submit, or lead the second of two presses to the receipt of the first."""
    try:
        services.submit_response(response=response, attested_name=attested_name, actor=reader_of(request))
    except ConflictError as error:
        if error.code != "already_submitted":
            raise
        messages.info(request, error.message)
    return redirect("response_submitted", response.pk)


def check_context(response: Response, may_submit: bool, form: AttestForm) -> dict[str, object]:
    """Return what the check page shows."""
    document = document_of(response.version)
    desk = CardDesk(response, document, can_edit=False)
    standing = desk.standing
    reasons = {gap.code: str(GAPS[gap.reason]) for gap in standing.gaps}
    carried = {code: _("Confirm the answer of the last round, or change it") for code in standing.unconfirmed}
    no_file = _("No file yet. You can submit without it; the buyer sees that it is missing.")
    notes = dict.fromkeys(standing.without_evidence, no_file)
    for code, text in desk.warnings.items():
        notes[code] = " ".join(part for part in (desk.pick(text), notes.get(code)) if part)
    hidden = [code for code, mark in desk.marks.items() if code not in standing.shown and mark.version]
    na = [code for code in standing.shown if code in desk.marks and desk.marks[code].not_applicable]
    return {
        **frame_context(response, document, desk),
        "gaps": grouped(response, desk, {**carried, **reasons}),
        "gap_count": len({**carried, **reasons}),
        "notes": grouped(response, desk, notes),
        "note_count": len(notes),
        "hidden_count": len(hidden),
        "na_count": len(na),
        "may_submit": may_submit and response.state not in (ResponseState.DECLINED, ResponseState.CANCELLED),
        "is_open": response.is_editable,
        "form": form,
    }


def grouped(response: Response, desk: CardDesk, reasons: Mapping[str, str]) -> list[GapGroup]:
    """Return the questions named, by section in the order of the document."""
    document: Document = desk.document
    groups = []
    for section in document.sections:
        gaps = tuple(
            Gap(
                code=question.code,
                number=document.positions[question.code] + 1,
                text=desk.pick(question.text),
                reason=reasons[question.code],
                url=f"{reverse('response_section', args=[response.pk, section.code])}#q-{question.code}",
            )
            for question in section.questions
            if question.code in reasons
        )
        if gaps:
            groups.append(GapGroup(desk.pick(section.title), gaps))
    return groups


@login_required
def response_submitted(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt: what was handed in, when, by whom, under which hash."""
    response = fetch_own(request, pk)
    submission = latest_submission(response)
    if submission is None:
        return redirect("response_check", pk)
    context = {
        "response": response,
        "submission": submission,
        "may_withdraw": response.state == ResponseState.SUBMITTED and may(request.user, "withdraw", response),
    }
    return render(request, "responses/submitted.html", context)
