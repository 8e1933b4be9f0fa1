"""Two versions side by side."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from assessments.questionnaires.comparison import Comparison, compare_documents
from assessments.questionnaires.document import Document
from assessments.questionnaires.enums import Extent, VersionState
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.queries import document_of, previous_version, versions_of
from assessments.questionnaires.views.differences import (
    carry_counts,
    told_change,
    told_changed,
    told_parts,
    told_question,
)
from assessments.questionnaires.views.fetching import fetch_version
from assessments.questionnaires.views.library import STATES
from portal.lib.listing import ROWS


@login_required
@require_safe
def questionnaire_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """What differs from the version before, or from any other; a first version leads back to its page."""
    version = fetch_version(request, pk)
    other = chosen_version(request, version)
    if other is None:
        return redirect("questionnaire_detail", version.pk)
    old, new = document_of(other), document_of(version)
    comparison = compare_documents(old, new)
    changed = Paginator(comparison.questions.changed, ROWS).get_page(request.GET.get("page"))
    context = {
        "version": version,
        "other": other,
        "others": other_versions(version),
        "page": changed,
        "changed": [told_changed(part, comparison, new) for part in changed],
        "comparison": comparison,
        "head": [told_change(one) for one in comparison.head if one.field not in ("code", "version")],
        "carries": carry_counts(comparison),
        "flags": told_parts(comparison.flags, old, new, "flags"),
        "parts": told_parts(comparison.sections, old, new, "sections"),
        "score": score_context(comparison, old, new),
        **question_lists(comparison, old, new),
    }
    return render(request, "questionnaires/compare.html", context)


def chosen_version(request: HttpRequest, version: QuestionnaireVersion) -> QuestionnaireVersion | None:
    """Return the version to compare with: the one asked for if the reader sees it, else the one before."""
    wanted = request.GET.get("with", "")
    if not wanted:
        return previous_version(version)
    if not wanted.isdecimal():
        raise Http404
    return fetch_version(request, int(wanted))


def other_versions(version: QuestionnaireVersion) -> list[tuple[QuestionnaireVersion, str]]:
    """Return what a version can be compared with: the others of the questionnaire, and what it extends."""
    found = [one for one in versions_of(version) if one.pk != version.pk]
    if version.base is not None:
        found += list(versions_of(version.base))
    return [(one, str(STATES[VersionState(one.state)])) for one in found]


def question_lists(comparison: Comparison, old: Document, new: Document) -> dict[str, Any]:
    """Return the questions that were added, removed or moved, and those whose answers do not all carry over."""
    questions, carries = comparison.questions, comparison.carries
    hindered = comparison.carrying(Extent.SOME) + comparison.carrying(Extent.NONE)
    return {
        "added": [told_question(new, code) for code in questions.added],
        "removed": [told_question(old, code) for code in questions.removed],
        "moved": [told_question(new, code) for code in questions.moved],
        "hindered": [told_question(new, code, carries[code]) for code in hindered if code not in questions.added],
    }


def score_context(comparison: Comparison, old: Document, new: Document) -> dict[str, Any]:
    """Return what of the score differs: the share of each section before and after, and the questions that did it."""
    score = comparison.score

    def share(weight: float, whole: float) -> int:
        return round(100 * weight / whole) if whole else 0

    titles = {section.code: section.title for document in (old, new) for section in document.sections}
    rows = [
        {
            "title": titles[one.code],
            "old": one.old,
            "new": one.new,
            "old_share": share(one.old, score.old),
            "new_share": share(one.new, score.new),
        }
        for one in score.sections
        if one.old != one.new or share(one.old, score.old) != share(one.new, score.new)
    ]
    return {"differs": score.differs, "codes": score.codes, "rows": rows, "old": score.old, "new": score.new}
