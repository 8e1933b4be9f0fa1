"""The Excel round trip: download, upload, see every change, apply."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.questionnaires.document import Document
from assessments.questionnaires.queries import document_of
from assessments.questionnaires.reports import shown_value
from assessments.responses.forms import WorkbookForm
from assessments.responses.models import Response
from assessments.responses.queries import answers_with_people
from assessments.responses.services.offline import (
    XLSX,
    Upload,
    apply_workbook,
    read_upload,
    store_workbook,
    write_response,
)
from assessments.responses.views.access import fetch_answering, fetch_own, reader_of
from assessments.responses.workbook import Change, Difference, Entry
from portal.files.models import StoredFile
from portal.lib.errors import DomainError
from portal.trail.services import address_of, record


@login_required
def workbook_download(request: HttpRequest, pk: int) -> HttpResponse:
    """Download the questionnaire with the answers so far."""
    response = fetch_own(request, pk)
    record(
        "download_workbook",
        actor=reader_of(request),
        thing=response,
        organisation_id=response.site.organisation_id,
        address=address_of(request),
    )
    name = get_valid_filename(f"{response.title} {response.site.name} {response.period}.xlsx")
    answer = HttpResponse(write_response(response), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@login_required
def workbook_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a filled-in workbook; nothing is saved before its changes were looked at."""
    response = fetch_answering(request, pk)
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose the Excel file you filled in."))
        return redirect("response_hub", pk)
    upload = form.cleaned_data["file"]
    try:
        stored = store_workbook(response=response, file=upload, name=upload.name, actor=reader_of(request))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("response_hub", pk)
    return redirect("workbook_compare", pk, stored.pk)


@require_http_methods(["GET", "POST"])
@login_required
def workbook_compare(request: HttpRequest, pk: int, file_id: UUID) -> HttpResponse:
    """Show what a workbook would change; apply it when asked to."""
    response = fetch_answering(request, pk)
    files = StoredFile.objects.filter(organisation_id=response.site.organisation_id, uploaded_by=reader_of(request))
    stored = get_object_or_404(files, pk=file_id)
    upload = read_upload(response, stored)
    if request.method == "POST" and not upload.bad_cells:
        try:
            return apply_upload(request, response, upload)
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("workbook_compare", pk, file_id)
    status = 422 if upload.bad_cells else 200
    return render(request, "responses/compare.html", compare_context(response, upload), status=status)


def apply_upload(request: HttpRequest, response: Response, upload: Upload) -> HttpResponse:
    """Save the changes and say how many; the versions shown must be those that stand."""
    seen = request.POST.get("seen", "")
    if seen != fingerprint(upload):
        raise DomainError(_("Answers changed while this page stood open. Look at the changes again."), code="changed")
    take = [one.code for one in upload.of(Change.CONFLICT) if request.POST.get(f"use-{one.code}") == "file"]
    outcomes = apply_workbook(response=response, differences=upload.differences, take=take, actor=reader_of(request))
    saved = sum(outcome.changed for outcome in outcomes)
    message = ngettext("%(count)d answer was saved.", "%(count)d answers were saved.", saved)
    messages.success(request, message % {"count": saved})
    return redirect("response_hub", response.pk)


def fingerprint(upload: Upload) -> str:
    """Return the versions a page of changes was made from."""
    return ",".join(f"{one.code}:{one.online.version}" for one in upload.differences if one.change != Change.UNCHANGED)


@dataclass(frozen=True)
class ChangeLine:
    """One change as the page shows it."""

    code: str
    text: str
    before: str
    after: str
    by: str
    at: Any


def compare_context(response: Response, upload: Upload) -> dict[str, Any]:
    """Return what the page of changes shows."""
    document = document_of(response.version)
    people = answers_with_people(response) if upload.of(Change.CONFLICT) else {}

    def lines(change: Change) -> list[ChangeLine]:
        return [change_line(document, one, people) for one in upload.of(change)]

    conflicts, changed, new = lines(Change.CONFLICT), lines(Change.CHANGED), lines(Change.NEW)
    return {
        "response": response,
        "bad_cells": upload.bad_cells,
        "conflicts": conflicts,
        "groups": [(changed, "changed"), (new, "new")],
        "unchanged": len(upload.of(Change.UNCHANGED)),
        "anything": bool(conflicts or changed or new),
        "seen": fingerprint(upload),
    }


def change_line(document: Document, one: Difference, people: dict[str, Any]) -> ChangeLine:
    """Return one change in words."""
    question = document.question(one.code)
    text = document.pick(question.text, _language(document))[0]
    row = people.get(one.code)
    return ChangeLine(
        code=one.code,
        text=text,
        before=entry_words(document, one.code, one.online),
        after=entry_words(document, one.code, one.mine),
        by=str(row.updated_by or "") if row else "",
        at=row.updated_at if row else None,
    )


def _language(document: Document) -> str:
    return get_language() or document.default_language


def entry_words(document: Document, code: str, entry: Entry) -> str:
    """Return an answer with its N/A reason and comment in words."""
    parts = [shown_value(document, document.question(code), entry.value)]
    if isinstance(entry.value, dict):
        parts.append(", ".join(f"{cell}: {people}" for cell, people in entry.value.items()))
    if entry.not_applicable:
        parts = [_("Does not apply: %(reason)s") % {"reason": entry.reason or "–"}]
    if entry.comment:
        parts.append(_("Comment: %(comment)s") % {"comment": entry.comment})
    return " · ".join(part for part in parts if part) or _("no answer")
