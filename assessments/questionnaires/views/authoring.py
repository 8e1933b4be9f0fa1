"""Writing a questionnaire: start, upload a workbook, move to a newer base, discard, take out of use."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.questionnaires.forms import WorkbookForm
from assessments.questionnaires.queries import newer_base, sendable_versions
from assessments.questionnaires.services import retire_version
from assessments.questionnaires.services.authoring import discard_draft, rebase_extension, upload_questionnaire
from assessments.questionnaires.services.starting import start_questionnaire
from assessments.questionnaires.views.fetching import fetch_owner, fetch_version
from assessments.questionnaires.views.versions import xlsx_response
from assessments.questionnaires.workbook import COLUMNS
from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError
from portal.lib.workbook.table import column_number
from suppliers.organisations.models import Organisation

SHOWN_PROBLEMS = 200
SHEETS = tuple(COLUMNS)
CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@login_required
@require_safe
def questionnaire_new(request: HttpRequest) -> HttpResponse:
    """The two ways to a questionnaire of one's own, and where its workbook is uploaded."""
    owner = fetch_owner(request, "upload")
    return render(request, "questionnaires/new.html", start_context(owner, WorkbookForm()))


def start_context(owner: Organisation, form: WorkbookForm) -> dict[str, Any]:
    """Return the standard versions that can be extended, each questionnaire's newest, and the form."""
    found = sendable_versions(owner).filter(questionnaire__owner=None)
    newest = {version.questionnaire_id: version for version in reversed(found)}
    return {"form": form, "standards": list(reversed(newest.values()))}


@login_required
@require_safe
def questionnaire_blank(request: HttpRequest) -> HttpResponse:
    """Hand out a workbook with one example of everything, to write a questionnaire from the start."""
    owner = fetch_owner(request, "upload")
    return xlsx_response(_("questionnaire"), start_questionnaire(owner=owner))


@require_POST
@login_required
def questionnaire_upload(request: HttpRequest) -> HttpResponse:
    """Keep a workbook as a draft and show it; where cells are wrong, name each and keep nothing."""
    owner = fetch_owner(request, "upload")
    form = WorkbookForm(request.POST, request.FILES)
    problems: list[dict[str, str]] = []
    lacks_texts = False
    if form.is_valid():
        try:
            version = upload_questionnaire(
                form.cleaned_data["file"].read(),
                owner=owner,
                actor=signed_in(request),
                drop_texts=request.POST.get("drop_texts") == "on",
            )
        except DomainError as error:
            problems, lacks_texts = listed_problems(error), error.code == "texts"
            if not problems:
                form.add_error("file", error.message)
        else:
            messages.success(request, _("The workbook was read. Look at it, then publish it."))
            return redirect("questionnaire_detail", version.pk)
    name = form.cleaned_data["file"].name if problems else ""
    context = {**start_context(owner, form), **problem_context(problems), "file_name": name, "lacks_texts": lacks_texts}
    return render(request, "questionnaires/new.html", context, status=422)


def listed_problems(error: DomainError) -> list[dict[str, str]]:
    """Return the wrong cells that an error names, in their order; none where it is about something else."""
    found = list(error.detail) if error.code == "document" and isinstance(error.detail, list | tuple) else []
    return sorted(found, key=lambda one: cell_order(one["place"]))


def cell_order(place: str) -> tuple[int, int, int, str]:
    """Return where a cell stands: sheet by sheet, row by row; what names no cell comes first on its sheet."""
    sheet, _mark, cell = place.partition("!")
    number = SHEETS.index(sheet) if sheet in SHEETS else len(SHEETS)
    match = CELL.fullmatch(cell)
    return (number, int(match[2]), column_number(match[1]), place) if match else (number, 0, 0, place)


def problem_context(problems: list[dict[str, str]]) -> dict[str, Any]:
    """Return what the table of errors shows."""
    return {"problems": problems[:SHOWN_PROBLEMS], "problem_count": len(problems)}


@require_POST
@login_required
def questionnaire_rebase(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the own questions of an extension on a newer version of what it extends; the draft shows the differences."""
    version = fetch_version(request, pk, "rebase")
    base = newer_base(version)
    if base is None:
        raise DomainError(_("There is no newer version to which your questions could move."), code="base")
    try:
        draft = rebase_extension(version, base=base, actor=signed_in(request))
    except DomainError as error:
        context = {"version": version, "base": base, "message": error.message}
        context |= problem_context(listed_problems(error))
        return render(request, "questionnaires/rebase.html", context, status=error.status)
    messages.success(request, _("Your questions stand on the newer version now, as a draft. Look at the differences."))
    return redirect("questionnaire_compare", draft.pk)


@require_POST
@login_required
def questionnaire_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    version = fetch_version(request, pk, "discard")
    discard_draft(version, actor=signed_in(request))
    messages.success(request, _("The draft is discarded."))
    return redirect("questionnaire_list")


@require_POST
@login_required
def questionnaire_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a published version out of use."""
    version = fetch_version(request, pk, "retire")
    retire_version(version, actor=signed_in(request))
    messages.success(request, _("Version %(number)s is out of use.") % {"number": version.version})
    return redirect("questionnaire_detail", version.pk)
