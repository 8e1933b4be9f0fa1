"""The form of a declaration: where it begins, its pages, the check, handing in."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minerals.declarations.document import Outcome, Step, counts_of, open_steps, steps_of
from minerals.declarations.forms.drafting import read_posted
from minerals.declarations.models import Declaration, Draft
from minerals.declarations.permissions import may
from minerals.declarations.queries.drafts import (
    Open,
    check_draft,
    continuable_editions,
    draft_of,
    find_smelters,
    form_declarations,
)
from minerals.declarations.queries.wording import field_label, say_open, step_title
from minerals.declarations.services.drafting import begin_draft, continue_draft, hand_in_draft, save_fields
from minerals.declarations.views.form_cards import Desk, FieldCard, Group, RowCard, anchor_of
from minerals.declarations.views.form_rows import change_rows
from minerals.templates_io.queries import mineral_name
from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError
from portal.lib.numbers import read_number

ROWS = 25
OPENING_STEPS = frozenset({"minerals", "use"})


def fetch_form(request: HttpRequest, pk: int, deed: str) -> Declaration:
    """Return a declaration of the reader's own company, 404 for others, 403 without the right."""
    declaration = get_object_or_404(form_declarations(signed_in(request)), pk=pk)
    if not may(signed_in(request), deed, declaration):
        raise PermissionDenied
    return declaration


def fetch_draft(request: HttpRequest, pk: int, deed: str) -> tuple[Declaration, Draft]:
    """Return a declaration and its draft; 404 where it is not begun."""
    declaration = fetch_form(request, pk, deed)
    draft = draft_of(declaration)
    if draft is None:
        raise Http404
    return declaration, draft


# Where it begins -----------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "POST"])
def declaration_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how to begin, or the pages with what is done; POST begins an empty form."""
    if request.method == "POST":
        declaration = fetch_form(request, pk, "fill")
        begin_draft(declaration=declaration, actor=signed_in(request))
        return redirect("declaration_form_step", pk, "company")
    declaration = fetch_form(request, pk, "read_draft")
    draft = draft_of(declaration)
    can_edit = declaration.is_open and may(request.user, "fill", declaration)
    context: dict[str, Any] = {"declaration": declaration, "draft": draft, "can_edit": can_edit}
    if draft is None:
        context["editions"] = continuable_editions(declaration)
        return render(request, "minerals/declarations/form_begin.html", context)
    links = step_links(declaration, draft)
    waiting = [link for link in links if link["answered"] < link["total"]]
    context |= {"steps": links, "next": waiting[0] if waiting else None, "done": len(links) - len(waiting)}
    return render(request, "minerals/declarations/form_hub.html", context)


@require_POST
@login_required
def declaration_continue(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the form with what an edition says."""
    declaration = fetch_form(request, pk, "fill")
    wanted = read_number(request.POST.get("edition", ""))
    edition = next((one for one in continuable_editions(declaration) if one.pk == wanted), None)
    if edition is None:
        raise DomainError(_("Choose one of the declarations in the list."), code="edition")
    continue_draft(declaration=declaration, edition=edition, actor=signed_in(request))
    return redirect("declaration_form", declaration.pk)


def step_links(declaration: Declaration, draft: Draft, current: str = "") -> list[dict[str, Any]]:
    """Return the pages as components/sections.html shows them."""
    data = draft.content["declared"]
    links = []
    for step in steps_of(data):
        answered, total = counts_of(data, step)
        links.append(
            {
                "code": step.code,
                "title": step_title(step),
                "url": reverse("declaration_form_step", args=[declaration.pk, step.code]),
                "answered": answered,
                "total": total,
                "current": step.code == current,
                "unchecked": step.code in draft.content["unchecked"],
            }
        )
    return links


# One page ------------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "POST"])
def declaration_form_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Show a page of the form, or save what was posted of it."""
    if request.method == "POST":
        declaration, draft = fetch_draft(request, pk, "fill")
        return save_step(request, declaration, find_step(draft, step))
    declaration, draft = fetch_draft(request, pk, "read_draft")
    found = next((one for one in steps_of(draft.content["declared"]) if one.code == step), None)
    if found is None:
        messages.info(request, _("This page is not asked for any more. What stood on it is kept."))
        return redirect("declaration_form", pk)
    return show_step(request, declaration, draft, found)


def find_step(draft: Draft, code: str) -> Step:
    """Return a page of the form, or 404."""
    for step in steps_of(draft.content["declared"]):
        if step.code == code:
            return step
    raise Http404


def show_step(
    request: HttpRequest,
    declaration: Declaration,
    draft: Draft,
    step: Step,
    *,
    outcome: Outcome | None = None,
    by: str = "",
    unread: Sequence[str] = (),
) -> HttpResponse:
    """Render a page; `outcome` holds what could not be saved, `by` who saved before, `unread` lines not understood."""
    desk = Desk(draft, outcome)
    links = step_links(declaration, draft, step.code)
    groups = desk.groups(step)
    rows = desk.rows(step)
    words = request.GET.get("q", "").strip()
    context = {
        "declaration": declaration,
        "draft": draft,
        "step": step,
        "title": step_title(step),
        "mineral": mineral_name(step.mineral),
        "sections": links,
        "can_edit": declaration.is_open and may(request.user, "fill", declaration),
        "groups": groups,
        "words": words,
        "found": find_smelters(declaration.relationship.buyer_id, step.mineral, words) if words else [],
        "unread": list(unread),
        "errors": troubles_in(desk, cards_in(groups, rows)),
        "by": by,
        "unchecked": step.code in draft.content["unchecked"],
        "form_url": request.get_full_path(),
        "save_url": reverse("declaration_form_save", args=[declaration.pk, "-"]).removesuffix("-/"),
        "sign_in_url": f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': request.path})}",
        **paged(request, rows),
        **neighbours(declaration, links, step.code),
    }
    status = 409 if outcome and outcome.conflicts else 422 if context["errors"] or unread else 200
    return render(request, "minerals/declarations/form_step.html", context, status=status)


def troubles_in(desk: Desk, cards: Sequence[FieldCard]) -> list[dict[str, str]]:
    """Return what could not be saved, for the summary above the page."""
    return [
        {
            "id": card.id,
            "text": f"{field_label(card.key, desk.template)}: {card.error or _('somebody else changed it, too.')}",
        }
        for card in cards
        if card.error or card.theirs is not None
    ]


def paged(request: HttpRequest, rows: Sequence[RowCard]) -> dict[str, Any]:
    """Return the rows of the page asked for; of the first page with a trouble, if there is one."""
    pages = max(1, -(-len(rows) // ROWS))
    wanted = min(max(1, read_number(request.GET.get("rows", ""))), pages)
    place = next((at // ROWS + 1 for at, row in enumerate(rows) if in_trouble(row)), wanted)
    return {
        "rows": rows[(place - 1) * ROWS : place * ROWS],
        "row_count": len(rows),
        "row_place": place,
        "row_pages": range(1, pages + 1) if pages > 1 else (),
    }


def cards_in(groups: Sequence[Group], rows: Sequence[RowCard]) -> list[FieldCard]:
    """Return every field of a page."""
    return [
        *(card for group in groups for card in group.fields),
        *(card for group in groups for _mineral, pair in group.pairs for card in pair),
        *(card for row in rows for card in row.fields),
    ]


def in_trouble(row: RowCard) -> bool:
    """Whether a field of a row could not be saved."""
    return any(card.error or card.theirs is not None for card in row.fields)


def neighbours(declaration: Declaration, links: Sequence[dict[str, Any]], code: str) -> dict[str, Any]:
    """Return where "previous" and "next" lead; after the last page comes the check."""
    at = [link["code"] for link in links].index(code)
    is_last = at + 1 == len(links)
    return {
        "place": at + 1,
        "places": len(links),
        "previous_url": links[at - 1]["url"] if at else "",
        "next_url": reverse("declaration_form_check", args=[declaration.pk]) if is_last else links[at + 1]["url"],
        # What is used decides which pages follow, so the page that asks it never calls itself the last.
        "next_label": _("Save and check") if is_last and code not in OPENING_STEPS else _("Save and go on"),
        "read_label": _("Check") if is_last else _("Next page"),
    }


def save_step(request: HttpRequest, declaration: Declaration, step: Step) -> HttpResponse:
    """Save each field on its own, then do what the button says; what could not be saved is shown again."""
    posted = read_posted(request.POST)
    go = request.POST.get("go", "stay")
    if go == "stay" and is_search(request):
        go = "find"
    if go.startswith("theirs-"):
        posted.pop(go.removeprefix("theirs-"), None)
    saved = save_fields(declaration=declaration, posted=posted, actor=signed_in(request), checked=step.code)
    if saved.outcome.conflicts or saved.outcome.wrong:
        return show_step(request, declaration, saved.draft, step, outcome=saved.outcome, by=saved.by)
    here = reverse("declaration_form_step", args=[declaration.pk, step.code])
    if go == "next":
        # The page that follows may have changed with what was just saved.
        links = step_links(declaration, saved.draft, step.code)
        codes = [link["code"] for link in links]
        return redirect(neighbours(declaration, links, step.code)["next_url"] if step.code in codes else here)
    if go == "find":
        return redirect(f"{here}?{urlencode({'q': request.POST.get('q', '')})}#find")
    unread = change_rows(request, declaration, step, go)
    if unread:
        fresh = Draft.objects.select_related("updated_by").get(pk=saved.draft.pk)
        return show_step(request, declaration, fresh, step, unread=unread)
    if go == "stay":
        messages.success(
            request, _("Saved.") if saved.outcome.saved else _("Nothing had changed; everything is saved.")
        )
    return redirect(request.get_full_path())


def is_search(request: HttpRequest) -> bool:
    """Whether words were typed into the search field and the Enter key was pressed there."""
    return request.POST.get("q", "").strip() not in {"", request.GET.get("q", "").strip()}


# The check -----------------------------------------------------------------------------------------
@login_required
@require_safe
def declaration_form_check(request: HttpRequest, pk: int) -> HttpResponse:
    """List what is missing and what looks wrong, each with the page where it is mended."""
    declaration, draft = fetch_draft(request, pk, "read_draft")
    checked = check_draft(draft, owner_id=declaration.relationship.buyer_id, today=timezone.localdate())
    data = draft.content["declared"]
    context = {
        "declaration": declaration,
        "draft": draft,
        "open_count": sum(1 + one.follows for one in checked.missing),
        "missing": [open_line(declaration, one) for one in checked.missing],
        "issues": [open_line(declaration, one) for one in checked.issues],
        "unchecked": [link for link in step_links(declaration, draft) if link["unchecked"]],
        "open_steps": [step_title(step) for step in open_steps(data)],
        "can_edit": declaration.is_open and may(request.user, "fill", declaration),
        "may_hand_in": declaration.is_open and may(request.user, "hand_in", declaration),
    }
    return render(request, "minerals/declarations/form_check.html", context)


def open_line(declaration: Declaration, one: Open) -> dict[str, str]:
    """Return one thing to mend as the page shows it."""
    url = reverse("declaration_form_step", args=[declaration.pk, one.step.code])
    anchor = f"#{anchor_of(one.key)}" if one.key else ""
    text = say_open(one.issue, one.follows)
    return {"text": text, "grade": one.issue.grade, "title": step_title(one.step), "url": url + anchor}


@require_POST
@login_required
def declaration_form_hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in the form as it was checked."""
    declaration, _draft = fetch_draft(request, pk, "hand_in")
    version = read_number(request.POST.get("version", ""))
    edition = hand_in_draft(declaration=declaration, version=version, actor=signed_in(request))
    buyer = declaration.relationship.buyer.name
    messages.success(request, _("The declaration was handed in to %(buyer)s.") % {"buyer": buyer})
    return redirect("declaration_detail", edition.declaration_id)
