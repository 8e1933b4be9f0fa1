"""A section page: the questions, and the Save button that works without JavaScript."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.questionnaires.conditions import Condition, visible_answers
from assessments.questionnaires.document import Document, Section
from assessments.questionnaires.queries import document_of
from assessments.responses import services
from assessments.responses.forms import read_section
from assessments.responses.models import Response
from assessments.responses.progress import Progress
from assessments.responses.views.access import can_answer, fetch_answering, fetch_own, reader_of, section_or_404
from assessments.responses.views.cards import CardDesk, QuestionCard, Typed, people_here
from assessments.responses.views.second import other_languages, second_language
from portal.lib.errors import ConflictError
from portal.lib.formats import shown_date


@require_http_methods(["GET", "POST"])
@login_required
def response_section(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """Show a section, or save what was posted of it."""
    if request.method == "POST":
        return save_section(request, fetch_answering(request, pk), section)
    response = fetch_own(request, pk)
    if response.opened_at is None:
        services.open_response(response=response)
    return show_section(request, response, section)


def show_section(
    request: HttpRequest, response: Response, code: str, typed: dict[str, Typed] | None = None
) -> HttpResponse:
    """Render the page; `typed` holds what a refused form held."""
    document = document_of(response.version)
    section = section_or_404(document, code)
    can_edit = response.is_editable and can_answer(response)
    desk = CardDesk(response, document, can_edit=can_edit, second=second_language(request, document), section=section)
    cards = desk.cards(section, typed=typed)
    only_open = request.GET.get("only") == "open"
    if only_open:
        cards = [card for card in cards if card.show and card.code not in desk.standing.complete]
    context = {
        **frame_context(response, document, desk, code),
        **neighbours(response, document, section),
        "section": section,
        "intro": desk.pick(section.intro),
        "second_title": desk.tongue.say(section.title),
        "second_intro": desk.tongue.say(section.intro),
        "questions": cards,
        "section_url": request.get_full_path(),
        "save_url": reverse("response_answer", args=[response.pk, "-"]).removesuffix("-/"),
        "sign_in_url": f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}",
        "known_answers": known_answers(document, desk, cards),
        "as_of": desk.today.isoformat(),
        "upload_limit_mb": settings.UPLOAD_LIMIT_MB,
        "can_edit": can_edit,
        "only_open": only_open,
        "open_count": desk.standing.sections[code].asked - desk.standing.sections[code].answered,
        "carried": sum(1 for card in cards if card.origin and card.show) if can_edit else 0,
        "people": people_here((desk.answers[c.code] for c in cards if c.code in desk.answers), reader_of(request)),
        "second": desk.tongue.language,
        "second_choices": [
            (language, name) for language, name in settings.LANGUAGES if language in other_languages(document)
        ],
        "errors": [{"id": f"q-{one}", "text": f"{one}: {held.error}"} for one, held in (typed or {}).items()],
    }
    status = 422 if context["errors"] else 200
    return render(request, "responses/section.html", context, status=status)


def save_section(request: HttpRequest, response: Response, code: str) -> HttpResponse:
    """Save each answer on its own; say what was saved, show again what was refused."""
    document = document_of(response.version)
    section = section_or_404(document, code)
    given = read_section(section, request.POST)
    if request.POST.get("go") == "confirm":
        given = [replace(one, confirm=True) for one in given]
    outcomes, _standing, _now = services.save_answers(response=response, given=given, actor=reader_of(request))
    saved = sum(outcome.changed for outcome in outcomes)
    if saved:
        message = ngettext("%(count)d answer was saved.", "%(count)d answers were saved.", saved)
        messages.success(request, message % {"count": saved})
    failed = {outcome.code: outcome for outcome in outcomes if outcome.error}
    if failed:
        typed = {one.code: typed_of(one, failed[one.code]) for one in given if one.code in failed}
        return show_section(request, response, code, typed)
    confirmed = [one.code for one in given if one.confirm]
    if len(confirmed) == 1:
        return redirect(f"{request.get_full_path()}#q-{confirmed[0]}")
    if request.POST.get("go") == "next":
        return redirect(neighbours(response, document, section)["next_url"])
    if not saved:
        messages.info(request, _("Nothing had changed; everything is saved."))
    return redirect(request.get_full_path())


def typed_of(given: services.Given, outcome: services.Outcome) -> Typed:
    """Return what was entered with what is wrong; after a conflict, saving again replaces the other answer."""
    error = outcome.error
    text = error.message if error else ""
    version = given.base_version
    if isinstance(error, ConflictError) and isinstance(error.detail, dict):
        version = error.detail["version"]
        text = _("%(name)s saved another answer meanwhile. Yours stands in the field; save again to keep yours.") % {
            "name": error.detail["by"] or _("Somebody else")
        }
    return Typed(
        value=given.value,
        na_reason=given.reason if given.not_applicable else None,
        comment=given.comment or "",
        error=text,
        version=version,
    )


@dataclass(frozen=True)
class SectionLink:
    """A section in the list at the left and on the hub."""

    code: str
    title: str
    url: str
    answered: int
    total: int
    current: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether nothing that must be answered is open."""
        return self.answered >= self.total


def section_links(response: Response, document: Document, desk: CardDesk, current: str = "") -> list[SectionLink]:
    """Return every section with its counts."""
    counts = desk.standing.sections
    return [
        SectionLink(
            code=section.code,
            title=desk.pick(section.title),
            url=reverse("response_section", args=[response.pk, section.code]),
            answered=counts.get(section.code, Progress()).answered,
            total=counts.get(section.code, Progress()).asked,
            current=section.code == current,
        )
        for section in document.sections
    ]


def frame_context(response: Response, document: Document, desk: CardDesk, current: str = "") -> dict[str, Any]:
    """Return what stands around every answering page."""
    words = _("%(title)s, until %(due)s") % {"title": response.title, "due": shown_date(response.due_on)}
    return {
        "response": response,
        "sections": section_links(response, document, desk, current),
        "owner": response.relationship.buyer.name,
        "round": words,
        "total": desk.standing.total,
    }


def neighbours(response: Response, document: Document, section: Section) -> dict[str, Any]:
    """Return where "previous" and "next" lead; after the last section comes the check."""
    place = document.sections.index(section)
    codes = [one.code for one in document.sections]

    def address(code: str) -> str:
        return reverse("response_section", args=[response.pk, code])

    is_last = place + 1 == len(codes)
    return {
        "place": place + 1,
        "places": len(codes),
        "title": document.pick(section.title, get_language() or document.default_language)[0],
        "previous_url": address(codes[place - 1]) if place else "",
        "next_url": reverse("response_check", args=[response.pk]) if is_last else address(codes[place + 1]),
        "next_label": _("Check and submit") if is_last else _("Next section"),
    }


def known_answers(document: Document, desk: CardDesk, cards: Iterable[QuestionCard]) -> dict[str, Any]:
    """Return answers to questions of other sections that conditions on this page read."""
    cards = list(cards)
    here = {card.code for card in cards}
    rules: list[Condition] = [rule for code, rule in document.show_rules if rule and code in here]
    rules += [rule for code, rule in document.warn_rules.items() if code in here]
    wanted = {code for rule in rules for code in rule.codes} - here
    _shown, visible = visible_answers(document, desk.plain, desk.today)
    return {code: visible[code] for code in wanted if code in visible}
