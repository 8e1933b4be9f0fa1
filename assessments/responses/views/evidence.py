"""Files behind answers: the list under a question, upload, reuse, removal, checked downloads."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.questionnaires.queries import document_of
from assessments.responses import services
from assessments.responses.models import Evidence, Response
from assessments.responses.queries import reusable_files, submission_files, visible_submissions
from assessments.responses.views.access import can_answer, fetch_answering, fetch_own, question_or_404, reader_of
from assessments.responses.views.cards import CardDesk
from assessments.responses.views.second import second_language
from portal.files.services import file_response
from portal.lib.errors import DomainError
from portal.lib.listing import page_of
from portal.trail.services import address_of, record


@require_http_methods(["GET", "POST"])
@login_required
def evidence_list(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Show the files of a question, or take uploads; several at once, each stored or refused on its own."""
    if request.method == "GET":
        return answer_list(request, fetch_own(request, pk), code)
    response = fetch_answering(request, pk)
    question_or_404(document_of(response.version), code)
    uploads = request.FILES.getlist("file")
    refusals = [] if uploads else [_("Choose a file first.")]
    for upload in uploads:
        try:
            services.add_evidence(response=response, code=code, upload=upload, actor=reader_of(request))
        except DomainError as error:
            refusals.append(error.message if str(upload.name) in error.message else f"{upload.name}: {error.message}")
    return answer_list(request, response, code, refusals)


def answer_list(request: HttpRequest, response: Response, code: str, refusals: list[str] | None = None) -> HttpResponse:
    """Answer htmx with the list alone, everybody else with the section page at the question."""
    document = document_of(response.version)
    question = question_or_404(document, code)
    if not request.headers.get("HX-Request"):
        for refusal in refusals or []:
            messages.error(request, refusal)
        return redirect(question_url(response, code))
    can_edit = response.is_editable and can_answer(response)
    desk = CardDesk(response, document, can_edit=can_edit, second=second_language(request, document))
    context = {
        "question": desk.card(question),
        "upload_error": " ".join(refusals or []),
        "upload_limit_mb": settings.UPLOAD_LIMIT_MB,
    }
    return render(request, "components/evidence.html", context)


def question_url(response: Response, code: str) -> str:
    """Return the address of a question on its section page."""
    section = document_of(response.version).section_codes[code]
    return f"{reverse('response_section', args=[response.pk, section])}#q-{code}"


@require_POST
@login_required
def evidence_remove(request: HttpRequest, pk: int, code: str, evidence_pk: int) -> HttpResponse:
    """Take a file from behind an answer."""
    response = fetch_answering(request, pk)
    row = get_object_or_404(Evidence, pk=evidence_pk, response=response, code=code)
    row.response = response
    services.remove_evidence(evidence=row, actor=reader_of(request))
    return answer_list(request, response, code)


@require_http_methods(["GET", "POST"])
@login_required
def evidence_reuse(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Choose one of the files the organisation handed in before."""
    response = fetch_answering(request, pk)
    document = document_of(response.version)
    question = question_or_404(document, code)
    if request.method == "POST":
        file_id = read_uuid(request.POST.get("file", ""))
        services.reuse_evidence(response=response, code=code, file_id=file_id, actor=reader_of(request))
        messages.success(request, _("The file now stands behind this answer, too."))
        return redirect(question_url(response, code))
    context = {
        "response": response,
        "question": CardDesk(response, document, can_edit=True).card(question),
        "back_url": question_url(response, code),
        "page": page_of(reusable_files(response, code), request),
    }
    return render(request, "responses/reuse.html", context)


def read_uuid(text: str) -> UUID:
    """Return the id of a stored file; raises DomainError for anything else."""
    try:
        return UUID(text)
    except ValueError as error:
        raise DomainError(_("Choose a file from the list."), code="file") from error


@login_required
def evidence_download(request: HttpRequest, pk: int, code: str, evidence_pk: int) -> FileResponse:
    """Hand out a file to the people who answer."""
    response = fetch_own(request, pk)
    row = get_object_or_404(Evidence.objects.select_related("file"), pk=evidence_pk, response=response, code=code)
    return download(request, row, response.site.organisation_id)


def download(request: HttpRequest, row: Evidence, organisation_id: int) -> FileResponse:
    """Hand out a file and note who took it."""
    answer = file_response(row.file)
    record(
        "download_file",
        actor=reader_of(request),
        thing=row.file,
        organisation_id=organisation_id,
        address=address_of(request),
        name=row.file.name,
    )
    return answer


@login_required
def submission_file_download(request: HttpRequest, pk: int, sha256: str) -> FileResponse:
    """Hand out a file that a submission names, to everybody who may read the submission."""
    submissions = visible_submissions(request.user).select_related("response__site", "response__relationship")
    submission = get_object_or_404(submissions, pk=pk)
    stored = submission_files(submission, sha256).first()
    if stored is None:
        raise Http404
    answer = file_response(stored)
    record(
        "download_file",
        actor=reader_of(request),
        thing=stored,
        organisation_id=submission.response.site.organisation_id,
        address=address_of(request),
        name=stored.name,
        submission=submission.pk,
    )
    return answer
