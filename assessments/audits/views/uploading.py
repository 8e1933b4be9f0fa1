"""Conclusions by workbook: the template, the upload, matching a firm's own columns, every change before it counts."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.audits.enums import WRITING_STATES, UploadState
from assessments.audits.forms.uploading import MatchForm, PlaceForm, TableForm
from assessments.audits.models import Audit, FindingUpload
from assessments.audits.queries import programme_of
from assessments.audits.queries.uploads import standing_of, uploads_of
from assessments.audits.reports.template import conclusion_words, problem_sheet, problem_text, template_sheets
from assessments.audits.services.matching import Match, guess_match
from assessments.audits.services.uploading import apply_upload, match_columns, preview_upload, upload_table
from assessments.audits.views.fetching import fetch_audit
from assessments.audits.views.previews import preview_context
from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError
from portal.lib.workbook import write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LAST_UPLOADS = 20
SHOWN_PROBLEMS = 200


@login_required
@require_http_methods(["GET", "POST"])
def audit_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a table; nothing is written before its changes were looked at."""
    audit = fetch_audit(request, pk, "write")
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    if request.method == "POST" and form.is_valid():
        try:
            upload = upload_table(audit=audit, file=form.cleaned_data["file"], actor=signed_in(request))
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            return redirect("audit_upload_detail", audit.pk, upload.pk)
    context = {
        "audit": audit,
        "form": form,
        "uploads": uploads_of(audit)[:LAST_UPLOADS],
        "is_open": audit.state in WRITING_STATES,
    }
    return render(request, "audits/upload.html", context, status=400 if form.errors else 200)


@login_required
@require_safe
def audit_template(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the table of an audit in the reader's language, with what stands already."""
    audit = fetch_audit(request, pk, "write")
    sheets = template_sheets(audit, standing_of(audit).values())
    return xlsx_response(f"{audit.site.name} {_('conclusions')}", write_workbook(sheets))


def xlsx_response(name: str, content: bytes) -> HttpResponse:
    """Answer with a workbook that nobody else may keep."""
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, get_valid_filename(f"{name}.xlsx")) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def fetch_upload(request: HttpRequest, pk: int, upload_id: int) -> tuple[Audit, FindingUpload]:
    """Return an audit the reader may write in, and one of its uploads."""
    audit = fetch_audit(request, pk, "write")
    upload: FindingUpload = get_object_or_404(uploads_of(audit), pk=upload_id)
    upload.audit = audit
    return audit, upload


@login_required
@require_safe
def audit_upload_detail(request: HttpRequest, pk: int, upload_id: int) -> HttpResponse:
    """Show what came of a table: the cells to correct, what it would change, or that it was applied."""
    audit, upload = fetch_upload(request, pk, upload_id)
    if upload.state == UploadState.MAPPING:
        return redirect("audit_upload_map", audit.pk, upload.pk)
    context: dict[str, Any] = {"audit": audit, "upload": upload, "is_open": audit.state in WRITING_STATES}
    if upload.state == UploadState.REFUSED:
        context["problems"] = told_problems(upload)[:SHOWN_PROBLEMS]
    if upload.state == UploadState.READY:
        context |= preview_context(audit, preview_upload(upload))
    return render(request, "audits/upload_detail.html", context)


def told_problems(upload: FindingUpload) -> list[dict[str, Any]]:
    """Return the problems of an upload with their sentences."""
    programme = programme_of(upload.audit.programme)
    return [{**one, "message": problem_text(one["code"], one["params"], programme)} for one in upload.problems]


@login_required
@require_safe
def audit_upload_problems(request: HttpRequest, pk: int, upload_id: int) -> HttpResponse:
    """Hand out the cells to correct as a workbook."""
    audit, upload = fetch_upload(request, pk, upload_id)
    sheet = problem_sheet(upload.problems, programme_of(audit.programme))
    return xlsx_response(f"{audit.site.name} {_('cells to correct')}", write_workbook([sheet]))


@require_POST
@login_required
def audit_upload_apply(request: HttpRequest, pk: int, upload_id: int) -> HttpResponse:
    """Write the conclusions of a table whose changes were looked at."""
    audit, upload = fetch_upload(request, pk, upload_id)
    choices = {name.removeprefix("use-"): value for name, value in request.POST.items() if name.startswith("use-")}
    try:
        count = apply_upload(
            upload=upload,
            seen=request.POST.get("seen", ""),
            take=[code for code, value in choices.items() if value == "table"],
            keep=[code for code, value in choices.items() if value == "here"],
            actor=signed_in(request),
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        message = ngettext("%(count)d conclusion was written.", "%(count)d conclusions were written.", count)
        messages.success(request, message % {"count": count})
    return redirect("audit_upload_detail", audit.pk, upload.pk)


@login_required
@require_http_methods(["GET", "POST"])
def audit_upload_map(request: HttpRequest, pk: int, upload_id: int) -> HttpResponse:
    """Match the columns and words of a firm's own sheet with ours; what was matched is remembered."""
    audit, upload = fetch_upload(request, pk, upload_id)
    if upload.state == UploadState.APPLIED:
        return redirect("audit_upload_detail", audit.pk, upload.pk)
    values = request.POST if request.method == "POST" else request.GET
    match = guess_match(
        upload,
        sheet=values.get("sheet", ""),
        header_row=int(row) if (row := values.get("header_row", "")).isdecimal() and len(row) < 8 else 0,  # noqa: PLR2004
        conclusion=values.get("column_conclusion", ""),
    )
    form = match_form(request, audit, match)
    if form.is_bound and form.is_valid():
        try:
            match_columns(
                upload=upload,
                sheet=match.sheet,
                header_row=match.header_row,
                columns=form.columns(),
                words=form.meanings(),
                actor=signed_in(request),
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect("audit_upload_detail", audit.pk, upload.pk)
    place = PlaceForm(initial={"sheet": match.sheet, "header_row": match.header_row}, sheets=match.sheets)
    context = {
        "audit": audit,
        "upload": upload,
        "match": match,
        "form": form,
        "place": place,
        "look_again": request.method == "POST" and not form.is_bound,
    }
    return render(request, "audits/upload_map.html", context, status=400 if form.errors else 200)


def match_form(request: HttpRequest, audit: Audit, match: Match) -> MatchForm:
    """Return the form of a sheet: as posted, else with the guesses; words of a column chosen anew are guesses again."""
    programme = programme_of(audit.programme)
    guesses = {f"column_{column}": header for column, header in match.columns.items()}
    guesses |= {f"word_{number}": match.meanings[word] for number, word in enumerate(match.words)}
    guesses["words_of"] = match.words_of
    posted = request.POST if request.method == "POST" else None
    if posted is not None and posted.get("words_of") != match.words_of:
        chosen = {name: str(value) for name, value in posted.items() if name.startswith("column_")}
        posted, guesses = None, {**guesses, **chosen}
    return MatchForm(
        posted,
        initial=guesses,
        headers=match.headers,
        words=match.words,
        conclusions=conclusion_words(programme),
        has_topics=bool(programme.topics),
    )
