"""The questionnaires a buyer may send, and how each looks to the supplier."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.questionnaires.document import Document, Section, summarise
from assessments.questionnaires.enums import VersionState
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.permissions import may_in
from assessments.questionnaires.queries import (
    document_of,
    documents_of,
    listed_versions,
    visible_versions,
    with_newer_base,
)
from assessments.questionnaires.views.cards import section_cards
from assessments.questionnaires.views.differences import native_name
from portal.lib.formats import figure
from portal.lib.listing import Facet, filter_context, narrow_rows, page_of
from suppliers.organisations.queries import current_workspace

STATES = {
    VersionState.DRAFT: gettext_lazy("Draft"),
    VersionState.PUBLISHED: gettext_lazy("Published"),
    VersionState.RETIRED: gettext_lazy("Retired"),
}
STATE_LOOKS = {
    VersionState.DRAFT: {"tone": "minor", "symbol": "pencil"},
    VersionState.PUBLISHED: {"tone": "good", "symbol": ""},
    VersionState.RETIRED: {"tone": "plain", "symbol": "archive"},
}


@login_required
def questionnaire_list(request: HttpRequest) -> HttpResponse:
    """Every version this buyer may look at, by questionnaire, the newest published one of each first."""
    workspace = current_workspace(request)
    if workspace is None or not workspace.is_buyer:
        raise PermissionDenied
    facets = version_facets()
    rows = narrow_rows(with_newer_base(listed_versions(workspace.organisation)), facets, request.GET)
    page = page_of(rows, request)
    total = page.paginator.count
    remains = ngettext("%(shown)s version", "%(shown)s versions", total) % {"shown": figure(total)}
    context = {
        "page": page,
        "rows": [version_facts(*pair) for pair in zip(page, documents_of(page), strict=True)],
        "may_write": may_in(request.user, "upload", workspace.organisation),
        **filter_context(request, facets, remains=remains),
    }
    return render(request, "questionnaires/list.html", context)


def version_facets() -> list[Facet]:
    """Return the filters of the list: whose a questionnaire is, and where a version stands."""
    whose = [("standard", _("Standard")), ("own", _("Own"))]
    return [
        Facet("whose", _("Whose"), whose, lambda value: Q(questionnaire__owner__isnull=value == "standard")),
        Facet("state", _("State"), [(state.value, str(word)) for state, word in STATES.items()], "state"),
    ]


def version_facts(version: QuestionnaireVersion, document: Document) -> dict[str, Any]:
    """Return what the list says of a version."""
    return {
        "version": version,
        "state": STATES[VersionState(version.state)],
        **STATE_LOOKS[VersionState(version.state)],
        "sections": len(document.sections),
        "questions": len(document.questions),
        "flags": len(document.flags),
        "languages": [native_name(code) for code in document.languages],
        "has_newer_base": version.has_newer_base,  # type: ignore[attr-defined] # annotated by with_newer_base
    }


@login_required
def questionnaire_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """One section of a version as the supplier sees it, in any of its languages; nothing can be entered."""
    version = get_object_or_404(visible_versions(request.user), pk=pk)
    document = document_of(version)
    language = chosen_language(request, document)
    section = chosen_section(request, document)
    context = {
        "version": version,
        "state": STATES[VersionState(version.state)],
        "document": {"title": document.pick(document.title, language)[0], "flags": len(document.flags)},
        "language": language,
        "languages": language_tabs(document, version, section, language),
        "sections": section_links(document, version, section, language),
        "section": {"code": section.code, "title": document.pick(section.title, language)[0]},
        "intro": document.pick(section.intro, language)[0],
        "questions": section_cards(document, section, language),
        "may_see_list": True,
    }
    return render(request, "questionnaires/preview.html", context)


def chosen_language(request: HttpRequest, document: Document) -> str:
    """Return the language asked for, else the reader's if the document speaks it, else its own."""
    wanted = request.GET.get("language") or translation.get_language() or ""
    return wanted if wanted in document.languages else document.default_language


def chosen_section(request: HttpRequest, document: Document) -> Section:
    """Return the section asked for, else the first; 404 for a code the document does not have."""
    code = request.GET.get("section") or document.sections[0].code
    try:
        return document.section(code)
    except KeyError as error:
        raise Http404 from error


def language_tabs(
    document: Document, version: QuestionnaireVersion, section: Section, current: str
) -> list[dict[str, Any]]:
    """Return a tab per language with how many texts it still lacks."""
    summary = summarise(document)
    tabs = []
    for code in document.languages:
        missing = summary.texts - summary.translated.get(code, 0)
        tabs.append(
            {
                "label": native_name(code),
                "code": code,
                "url": preview_url(version, section.code, code),
                "current": code == current,
                "missing": missing,
            }
        )
    return tabs


def section_links(
    document: Document, version: QuestionnaireVersion, current: Section, language: str
) -> list[dict[str, Any]]:
    """Return the sections with the number of their questions."""
    return [
        {
            "code": section.code,
            "title": document.pick(section.title, language)[0],
            "url": preview_url(version, section.code, language),
            "count": len(section.questions),
            "current": section.code == current.code,
        }
        for section in document.sections
    ]


def preview_url(version: QuestionnaireVersion, section: str, language: str) -> str:
    """Return the page of a section in a language."""
    return f"{reverse('questionnaire_preview', args=[version.pk])}?section={section}&language={language}"
