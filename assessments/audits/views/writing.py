"""The audit form, a section at a time: written by the auditors, read by the site and the buyer once they may."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assessments.audits.checks import Problem, ProblemCode
from assessments.audits.document import Programme
from assessments.audits.enums import NONCONFORM, RELEASED_STATES, WRITING_STATES
from assessments.audits.forms.writing import read_posted
from assessments.audits.models import Audit
from assessments.audits.permissions import may
from assessments.audits.queries import programme_of
from assessments.audits.queries.writing import FormSection, draft_problems, form_audits, section_of, sections_of
from assessments.audits.services.concluding import save_conclusions
from assessments.audits.views.fetching import fetch_audit
from assessments.audits.views.points import PointCard, PointDesk, topic_choices
from portal.accounts.queries import signed_in
from portal.lib.texts import pick_text


@require_http_methods(["GET", "POST"])
@login_required
def audit_section(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """Show a section, or save what was posted of it."""
    audit = fetch_form(request, pk)
    found = section_or_404(programme_of(audit.programme), section)
    if request.method == "POST":
        if not can_write(audit):
            raise PermissionDenied
        return save_section(request, audit, found)
    if not can_write(audit) and not may(request.user, "read_conclusions", audit):
        raise PermissionDenied
    return show_section(request, audit, found)


def fetch_form(request: HttpRequest, pk: int) -> Audit:
    """Return a visible audit with what the form needs, or 404."""
    return get_object_or_404(form_audits(request.user), pk=pk)


def can_write(audit: Audit) -> bool:
    """Whether the reader for whom the audit was fetched writes in it, whatever its state."""
    return bool(getattr(audit, "can_write", False))


def section_or_404(programme: Programme, code: str) -> FormSection:
    """Return a section of the form, or 404."""
    for section in sections_of(programme):
        if section.code == code:
            return section
    raise Http404


def show_section(
    request: HttpRequest, audit: Audit, section: FormSection, typed: dict[str, PointCard] | None = None
) -> HttpResponse:
    """Render the page; `typed` holds what a refused form held."""
    can_edit = can_write(audit) and audit.state in WRITING_STATES
    desk = PointDesk(audit, section, can_edit=can_edit)
    only = request.GET.get("only", "")
    cards = narrow_cards(desk.cards(typed), only)
    links = desk.links()
    context = {
        "audit": audit,
        "section": section,
        "title": pick_text(section.title)[0],
        "can_edit": can_edit,
        "is_writer": can_write(audit),
        "may_compare": audit.state in RELEASED_STATES and not can_write(audit),
        "only": only,
        "open_count": desk.counts[section.code]["total"] - desk.counts[section.code]["answered"],
        "cards": cards,
        "topics": list(topic_choices(desk.programme)),
        "topic_titles": {one.code: pick_text(one.title)[0] for one in desk.programme.topics},
        "sections": links,
        "answered": sum(link.answered for link in links),
        "total": sum(link.total for link in links),
        "section_url": request.get_full_path(),
        "save_url": reverse("audit_conclusion", args=[audit.pk, "-"]).removesuffix("-/"),
        "sign_in_url": f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}",
        "upload_limit_mb": settings.UPLOAD_LIMIT_MB,
        "errors": [{"id": f"q-{code}", "text": f"{code}: {card.error}"} for code, card in (typed or {}).items()],
        **neighbours(audit, [link.code for link in links], section.code),
    }
    return render(request, "audits/section.html", context, status=422 if context["errors"] else 200)


def narrow_cards(cards: list[PointCard], only: str) -> list[PointCard]:
    """Return the cards a reader wants to see: those without a conclusion, the findings, or all."""
    if only == "open":
        return [card for card in cards if not card.conclusion]
    if only == "findings":
        return [card for card in cards if card.conclusion in NONCONFORM]
    return cards


def neighbours(audit: Audit, codes: list[str], code: str) -> dict[str, Any]:
    """Return where "previous" and "next" lead; after the last section comes the check of the draft."""
    place = codes.index(code)

    def address(number: int) -> str:
        return reverse("audit_section", args=[audit.pk, codes[number]])

    is_last = place + 1 == len(codes)
    end = reverse("audit_gate" if can_write(audit) else "audit_detail", args=[audit.pk])
    end_label = _("Check the draft") if can_write(audit) else _("Back to the audit")
    return {
        "place": place + 1,
        "places": len(codes),
        "previous_url": address(place - 1) if place else "",
        "next_url": end if is_last else address(place + 1),
        "next_label": end_label if is_last else _("Next section"),
    }


def save_section(request: HttpRequest, audit: Audit, section: FormSection) -> HttpResponse:
    """Save each checkpoint on its own; say what was saved, show again what was refused."""
    given = read_posted(section, request.POST)
    outcomes = save_conclusions(audit=audit, given=given, actor=signed_in(request))
    saved = sum(outcome.changed for outcome in outcomes)
    if saved:
        message = ngettext("%(count)d checkpoint was saved.", "%(count)d checkpoints were saved.", saved)
        messages.success(request, message % {"count": saved})
    failed = {outcome.checkpoint: outcome for outcome in outcomes if outcome.error}
    if failed:
        desk = PointDesk(audit, section, can_edit=True)
        typed = {
            one.checkpoint: desk.typed_card(one, failed[one.checkpoint]) for one in given if one.checkpoint in failed
        }
        return show_section(request, audit, section, typed)
    if request.POST.get("go") == "next":
        codes = [one.code for one in sections_of(programme_of(audit.programme))]
        return redirect(neighbours(audit, codes, section.code)["next_url"])
    if not saved:
        messages.info(request, _("Nothing had changed; everything is saved."))
    return redirect(request.get_full_path())


@login_required
def audit_gate(request: HttpRequest, pk: int) -> HttpResponse:
    """List what the draft still lacks, each with a link to its checkpoint."""
    audit = fetch_audit(request, pk, "write")
    programme = programme_of(audit.programme)
    lines = [problem_line(audit, programme, problem) for problem in draft_problems(audit)]
    return render(request, "audits/gate.html", {"audit": audit, "lines": lines, "total": len(programme.points)})


def problem_line(audit: Audit, programme: Programme, problem: Problem) -> dict[str, str]:
    """Return one problem as the page shows it."""
    section = section_of(programme, problem.checkpoint)
    return {
        "section": f"{section.code} {pick_text(section.title)[0]}",
        "checkpoint": problem.checkpoint,
        "title": pick_text(programme.by_code[problem.checkpoint].title)[0],
        "text": problem_words(problem.code) % {"found": problem.found, "needed": problem.needed},
        "url": point_url(audit, programme, problem.checkpoint),
    }


def problem_words(code: ProblemCode) -> str:
    """Return what is missing in the reader's language."""
    return {
        ProblemCode.UNANSWERED: _("No conclusion yet"),
        ProblemCode.FEW_DATA_POINTS: _("%(found)d of %(needed)d data points"),
        ProblemCode.NO_DESCRIPTION: _("The nonconformity has no description"),
        ProblemCode.NO_REASON: _("No reason why it does not apply"),
    }[code]


def point_url(audit: Audit, programme: Programme, checkpoint: str) -> str:
    """Return the address of a checkpoint on its section page."""
    return f"{reverse('audit_section', args=[audit.pk, section_of(programme, checkpoint).code])}#q-{checkpoint}"
