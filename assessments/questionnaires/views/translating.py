"""Translating: how far each language is, the texts of one side by side, and as a workbook."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from assessments.questionnaires.document.references import placeholders
from assessments.questionnaires.document.translations import (
    TITLE,
    Phrase,
    TextState,
    measure_language,
    stamp,
)
from assessments.questionnaires.enums import VersionState
from assessments.questionnaires.forms import WorkbookForm
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.permissions import may
from assessments.questionnaires.reports import part_words
from assessments.questionnaires.services.translating import (
    Desk,
    Typed,
    add_language,
    find_draft,
    import_translations,
    languages_to_add,
    open_desk,
    save_translations,
    start_translation,
    write_translations,
)
from assessments.questionnaires.views.authoring import problem_context
from assessments.questionnaires.views.differences import native_name
from assessments.questionnaires.views.fetching import fetch_version
from assessments.questionnaires.views.versions import xlsx_response
from portal.accounts.queries import signed_in
from portal.lib.errors import ConflictError, DomainError

Words = dict[str, Any]
FILTERS = ("", TextState.MISSING.value, TextState.OUTDATED.value)
LINE = 42  # letters of a line of a text field, about


# --- How far each language is ---------------------------------------------------------------------
@login_required
@require_safe
def translation_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Every language of a version with what is missing and outdated in it."""
    version = fetch_version(request, pk)
    desk = open_desk(version)
    default = desk.document.default_language
    rows = [language_row(version, desk, code) for code in desk.document.languages if code != default]
    context = {
        "version": version,
        "rows": rows,
        "source": {"code": default, "name": native_name(default)},
        "total": len(desk.phrases),
        "addable": [] if version.base_id else [(code, native_name(code)) for code in languages_to_add(desk.document)],
        **editing_context(request, version),
    }
    return render(request, "questionnaires/translation_list.html", context)


def language_row(version: QuestionnaireVersion, desk: Desk, code: str) -> Words:
    """Return how far a language is."""
    measure = measure_language(desk.phrases, desk.earlier, code, desk.document.default_language)
    return {
        "code": code,
        "name": native_name(code),
        "measure": measure,
        "share": 100 * measure.translated // measure.total,
        "url": reverse("translation_detail", args=[version.pk, code]),
    }


def editing_context(request: HttpRequest, version: QuestionnaireVersion) -> Words:
    """Return whether the reader may translate here, and if not, why and what else can be done."""
    allowed = may(request.user, "translate", version)
    is_draft = version.state == VersionState.DRAFT
    return {
        "may_edit": allowed and is_draft,
        "may_start": allowed and not is_draft,
        "draft": find_draft(version) if allowed and not is_draft else None,
        "is_standard": version.questionnaire.owner_id is None,
        "is_draft": is_draft,
    }


@require_POST
@login_required
def translation_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to the draft of this questionnaire; where there is none, a copy of the version becomes one."""
    version = fetch_version(request, pk, "translate")
    draft = start_translation(version, actor=signed_in(request))
    messages.success(request, _("Version %(number)s is a draft. Translate it here.") % {"number": draft.version})
    return redirect("translation_list", draft.pk)


@require_POST
@login_required
def translation_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a language to a draft and go to its texts."""
    version = fetch_version(request, pk, "translate")
    language = request.POST.get("language", "")
    try:
        add_language(version, language=language, actor=signed_in(request))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("translation_list", version.pk)
    return redirect("translation_detail", version.pk, language)


# --- The texts of one language --------------------------------------------------------------------
@login_required
@require_safe
def translation_detail(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """One section's texts side by side: the first language and the translation."""
    version = fetch_version(request, pk)
    return show_texts(request, version, language)


def show_texts(
    request: HttpRequest,
    version: QuestionnaireVersion,
    language: str,
    *,
    typed: Mapping[str, Typed] | None = None,
    refusal: DomainError | None = None,
) -> HttpResponse:
    """Render the page; after a refusal with what was entered, what is wrong and what somebody else saved."""
    desk = open_desk(version)
    check_language(desk, language)
    section = chosen_section(request, desk)
    only = request.GET.get("only", "")
    shown = [phrase for phrase in desk.phrases if page_of_phrase(desk, phrase) == section]
    counts = {state: sum(desk.state(one, language) is state for one in shown) for state in TextState}
    if only in FILTERS[1:] and typed is None:
        shown = [phrase for phrase in shown if desk.state(phrase, language).value == only]
    elif typed is not None:
        shown = [phrase for phrase in shown if phrase.key in typed]
    cards = [text_card(desk, phrase, language, typed or {}, refusal) for phrase in shown]
    context = {
        "version": version,
        "language": {"code": language, "name": native_name(language)},
        "source": {"code": desk.document.default_language, "name": native_name(desk.document.default_language)},
        "row": language_row(version, desk, language),
        "section": {"code": section, "title": section_title(desk, section)},
        "sections": section_links(version, desk, language, section, only),
        "groups": grouped_cards(desk, shown, cards),
        "filters": filter_tabs(version, language, section, only, counts),
        "only": only,
        "errors": listed_errors(cards),
        "refusal": refusal.message if refusal else "",
        "next_section": following_section(desk, section),
        "form": WorkbookForm(),
        **editing_context(request, version),
    }
    return render(request, "questionnaires/translation_detail.html", context, status=refusal.status if refusal else 200)


def listed_errors(cards: Iterable[Words]) -> list[Words]:
    """Return what is to be looked at, linked: texts that cannot be taken, and those somebody else saved."""
    taken = _("Somebody else changed this meanwhile.")
    told = [(card, card["error"] or taken) for card in cards if card["error"] or card["taken"] is not None]
    return [{"id": card["id"], "text": f"{card['key']}: {sentence}"} for card, sentence in told]


def check_language(desk: Desk, language: str) -> None:
    """404 for a language the version does not have, and for the one its texts are written in first."""
    if language not in desk.document.languages or language == desk.document.default_language:
        raise Http404


def page_of_phrase(desk: Desk, phrase: Phrase) -> str:
    """Return the section a text is shown with: the title of the questionnaire with the first that has texts."""
    return phrase.section if phrase.key != TITLE else first_section(desk)


def first_section(desk: Desk) -> str:
    """Return the first section with texts to translate; of an extension those of the base have none."""
    own = {phrase.section for phrase in desk.phrases}
    return next((one.code for one in desk.document.sections if one.code in own), desk.document.sections[0].code)


def sections_of(desk: Desk) -> list[str]:
    """Return the sections with texts to translate, in order."""
    own = {page_of_phrase(desk, phrase) for phrase in desk.phrases}
    return [section.code for section in desk.document.sections if section.code in own]


def chosen_section(request: HttpRequest, desk: Desk) -> str:
    """Return the section asked for, else the first; 404 for one without texts."""
    found = sections_of(desk)
    code = request.GET.get("section") or found[0]
    if code not in found:
        raise Http404
    return code


def following_section(desk: Desk, section: str) -> str:
    """Return the section after this one, "" after the last."""
    found = sections_of(desk)
    place = found.index(section) + 1
    return found[place] if place < len(found) else ""


def section_links(version: QuestionnaireVersion, desk: Desk, language: str, current: str, only: str) -> list[Words]:
    """Return the sections with how many of their texts are missing or outdated."""
    rows = []
    for code in sections_of(desk):
        own = [phrase for phrase in desk.phrases if page_of_phrase(desk, phrase) == code]
        rows.append(
            {
                "code": code,
                "title": section_title(desk, code),
                "url": texts_url(version, language, code, only),
                "count": sum(desk.state(phrase, language) is not TextState.DONE for phrase in own),
                "current": code == current,
            }
        )
    return rows


def section_title(desk: Desk, code: str) -> str:
    """Return the title of a section as it is translated from."""
    return desk.document.section(code).title.get(desk.document.default_language, "")


def texts_url(version: QuestionnaireVersion, language: str, section: str, only: str = "") -> str:
    """Return the page of a section in a language."""
    asked = {"section": section} | ({"only": only} if only else {})
    return f"{reverse('translation_detail', args=[version.pk, language])}?{urlencode(asked)}"


def filter_tabs(
    version: QuestionnaireVersion, language: str, section: str, only: str, counts: Mapping[TextState, int]
) -> list[Words]:
    """Return a tab for all texts, the missing and the outdated ones."""
    labels = {"": _("All texts"), "missing": _("Missing"), "outdated": _("Outdated")}
    return [
        {
            "label": labels[one],
            "url": texts_url(version, language, section, one),
            "current": one == only,
            "count": counts[TextState(one)] if one else sum(counts.values()),
        }
        for one in FILTERS
    ]


def text_card(
    desk: Desk, phrase: Phrase, language: str, typed: Mapping[str, Typed], refusal: DomainError | None
) -> Words:
    """Return one text: its source, the translation as it stands or was entered, and what is wrong."""
    default = desk.document.default_language
    source, standing = phrase.text.get(default, ""), phrase.text.get(language, "")
    wrong, taken = refused_texts(refusal)
    words = typed[phrase.key].words if phrase.key in typed else standing
    return {
        "key": phrase.key,
        "id": f"t-{phrase.key}",
        "part": part_words(phrase),
        "source": source,
        "before": desk.before(phrase, language),
        "words": words,
        "stamp": stamp(source, standing),
        "state": desk.state(phrase, language).value,
        "lines": max(2, len(source) // LINE + 1),
        "keep": list(dict.fromkeys("{" + ".".join(filter(None, one)) + "}" for one in placeholders(source))),
        "error": wrong.get(phrase.key, ""),
        "taken": taken.get(phrase.key),
    }


def refused_texts(refusal: DomainError | None) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the texts that cannot be taken with their sentences, and those somebody else saved, as they stand."""
    detail = refusal.detail if refusal is not None and isinstance(refusal.detail, dict) else {}
    if isinstance(refusal, ConflictError):
        return detail.get("wrong", {}), detail.get("taken", {})
    return detail, {}


def grouped_cards(desk: Desk, shown: Iterable[Phrase], cards: Iterable[Words]) -> list[Words]:
    """Return the texts of each question, flag or section together."""
    groups = []
    pairs = zip(shown, cards, strict=True)
    for (owner, is_flag), members in groupby(pairs, key=lambda pair: (pair[0].place.owner, pair[0].is_flag)):
        what = _("Question")
        if is_flag:
            what = _("Flag")
        elif not owner:
            what = _("Questionnaire")
        elif owner not in desk.document.positions:
            what = _("Section")
        groups.append({"owner": owner, "what": what, "cards": [card for _phrase, card in members]})
    return groups


@require_POST
@login_required
def translation_save(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Save the texts of a page; where one cannot be saved, none is, and what was entered is shown again."""
    version = fetch_version(request, pk, "translate")
    desk = open_desk(version)
    check_language(desk, language)
    section, typed = chosen_section(request, desk), read_texts(request)
    try:
        changed = save_translations(version, language=language, typed=typed, actor=signed_in(request))
    except DomainError as refusal:
        fresh = fetch_version(request, pk, "translate")
        return show_texts(request, fresh, language, typed=typed, refusal=refusal)
    words = ngettext("%(n)d text is saved.", "%(n)d texts are saved.", changed) % {"n": changed}
    messages.success(request, words if changed else _("Nothing was changed."))
    if request.POST.get("go") == "next":
        section = following_section(desk, section) or section
    return redirect(texts_url(version, language, section, request.GET.get("only", "")))


def read_texts(request: HttpRequest) -> dict[str, Typed]:
    """Return what a page posted: the texts by their keys, each with the stamp of the one it was entered over."""
    return {
        name.removeprefix("t-"): Typed(str(words), request.POST.get(f"w-{name.removeprefix('t-')}", ""))
        for name, words in request.POST.items()
        if name.startswith("t-")
    }


# --- One language as a workbook -------------------------------------------------------------------
@login_required
@require_safe
def translation_export(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Hand out the texts of one language as a workbook."""
    version = fetch_version(request, pk)
    check_language(open_desk(version), language)
    name = f"{version.questionnaire.code} {version.version} {language}"
    return xlsx_response(name, write_translations(version, language))


@require_POST
@login_required
def translation_import(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Take a translated workbook into the draft; where cells are wrong, name each and keep nothing."""
    version = fetch_version(request, pk, "translate")
    check_language(open_desk(version), language)
    form = WorkbookForm(request.POST, request.FILES)
    problems: list[dict[str, str]] = []
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            draft, changed = import_translations(version, language=language, file=file, actor=signed_in(request))
        except DomainError as error:
            problems = list(error.detail) if isinstance(error.detail, list) else []
            if not problems:
                form.add_error("file", error.message)
        else:
            words = ngettext("%(n)d text was taken over.", "%(n)d texts were taken over.", changed) % {"n": changed}
            messages.success(request, words if changed else _("Nothing in the workbook differs."))
            return redirect("translation_detail", draft.pk, language)
    context = {
        "version": version,
        "language": {"code": language, "name": native_name(language)},
        "form": form,
        **problem_context(problems),
    }
    return render(request, "questionnaires/translation_import.html", context, status=422)
