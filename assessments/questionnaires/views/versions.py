"""The page of one version: what is in it, how it differs, what can be done with it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.questionnaires.comparison import compare_documents
from assessments.questionnaires.core import ContentCode
from assessments.questionnaires.document import Document, Summary, summarise
from assessments.questionnaires.enums import Severity, VersionState
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.permissions import may, may_in
from assessments.questionnaires.queries import document_of, newer_base, previous_version, versions_of
from assessments.questionnaires.reports import say_problem
from assessments.questionnaires.services.authoring import warnings_of
from assessments.questionnaires.services.starting import start_extension
from assessments.questionnaires.services.workbooks import write_questionnaire
from assessments.questionnaires.views.differences import carry_counts, native_name
from assessments.questionnaires.views.fetching import fetch_owner, fetch_version
from assessments.questionnaires.views.library import STATES
from portal.lib.errors import DomainError
from suppliers.organisations.queries import current_workspace

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_WARNINGS = 50


@login_required
@require_safe
def questionnaire_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What is in a version, what differs from the one before, its other versions, and the deeds."""
    version = fetch_version(request, pk)
    document = document_of(version)
    summary = summarise(document)
    warnings = [one for one in warnings_of(document) if one.code != ContentCode.MISSING_TRANSLATION]
    versions = list(versions_of(version))
    context = {
        "version": version,
        "state": STATES[VersionState(version.state)],
        "is_draft": version.state == VersionState.DRAFT,
        "summary": summary,
        "severities": {one.value: summary.flags.get(one.value, 0) for one in Severity},
        "flag_count": sum(summary.flags.values()),
        "sections": section_rows(document, summary),
        "languages": language_rows(document, summary),
        "warnings": [say_problem(one) for one in warnings[:SHOWN_WARNINGS]],
        "warning_count": len(warnings),
        "versions": [(one, STATES[VersionState(one.state)]) for one in versions],
        "is_last": not any(one.state == VersionState.PUBLISHED for one in versions if one.pk != version.pk),
        **difference_context(version, document),
        **deeds_context(request, version),
    }
    return render(request, "questionnaires/detail.html", context)


def difference_context(version: QuestionnaireVersion, document: Document) -> dict[str, Any]:
    """Return how many questions and flags differ from the version before; nothing for a first version."""
    previous = previous_version(version)
    if previous is None:
        return {"previous": None}
    comparison = compare_documents(document_of(previous), document)
    return {"previous": previous, "comparison": comparison, "carries": carry_counts(comparison)}


def deeds_context(request: HttpRequest, version: QuestionnaireVersion) -> dict[str, Any]:
    """Return what the reader may do with this version."""
    workspace = current_workspace(request)
    writes = may(request.user, "publish", version)
    extends = workspace is not None and may_in(request.user, "extend", workspace.organisation)
    return {
        "may_write": writes,
        "may_retire": writes and version.state == VersionState.PUBLISHED,
        "may_extend": extends and version.questionnaire.owner_id is None and version.state == VersionState.PUBLISHED,
        "newer_base": newer_base(version) if writes else None,
    }


def section_rows(document: Document, summary: Summary) -> list[dict[str, Any]]:
    """Return the sections with their questions and their part of the weight."""
    whole = summary.weight
    return [
        {"section": one, "title": one.title, "share": round(100 * one.weight / whole) if whole else 0}
        for one in summary.sections
    ]


def language_rows(document: Document, summary: Summary) -> list[dict[str, Any]]:
    """Return how much of a document speaks each of its languages."""
    rows = []
    for code in document.languages:
        done = summary.translated.get(code, 0)
        share = 100 * done // summary.texts if summary.texts else 0
        rows.append({"code": code, "name": native_name(code), "share": share, "missing": summary.texts - done})
    return rows


@login_required
@require_safe
def questionnaire_workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a version out as a workbook that can be changed and uploaded again."""
    version = fetch_version(request, pk)
    return xlsx_response(f"{version.questionnaire.code} {version.version}", write_questionnaire(version))


@login_required
@require_safe
def questionnaire_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the workbook in which own questions are added to a published standard version."""
    owner = fetch_owner(request, "extend")
    version = fetch_version(request, pk)
    if version.questionnaire.owner_id is not None or version.state != VersionState.PUBLISHED:
        raise DomainError(_("Only a published standard questionnaire can be extended."), code="base")
    return xlsx_response(f"{version.questionnaire.code} {_('own questions')}", start_extension(version, owner=owner))


def xlsx_response(name: str, content: bytes) -> HttpResponse:
    """Answer with a workbook that nobody else may keep."""
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, get_valid_filename(f"{name}.xlsx")) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
