"""The page of one declaration, for both sides, and of one of its editions."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from minerals.declarations.enums import DeclarationState as State
from minerals.declarations.forms.reviewing import AcceptForm, CancelForm, UploadForm
from minerals.declarations.lifecycle import TRANSITIONS
from minerals.declarations.models import Declaration, Edition
from minerals.declarations.queries.editions import handed_in_editions
from minerals.declarations.queries.policy import expires_on
from minerals.declarations.queries.reading import (
    earlier_uses,
    last_return,
    match_of,
    reading_of,
    returned_lines,
    smelter_rows,
)
from minerals.declarations.queries.rights import visible_declarations
from minerals.declarations.queries.words import flag_lines
from minerals.declarations.services import open_declaration_page
from minerals.declarations.views.fetching import Side, fetch_declaration, fetch_edition, side_of
from portal.lib.formats import shown_date
from portal.lib.listing import page_of

MOST_SMELTERS = 25
TAKES_FILES = (State.REQUESTED, State.RETURNED, State.RECEIVED, State.ACCEPTED, State.EXPIRED)


@login_required
def declaration_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One declaration: the next step, what was read, what is missing, what happened."""
    return show_declaration(request, fetch_declaration(request, pk))


def show_declaration(
    request: HttpRequest, declaration: Declaration, *, problem: str = "", status: int | None = None, **given: Any
) -> HttpResponse:
    """Show the page; `problem` is why a deed was refused, `given` are forms sent with mistakes."""
    side = side_of(request, declaration)
    if not side.is_buyer and request.method == "GET":
        open_declaration_page(declaration)
    context = detail_context(request, declaration, side)
    context |= {"problem": problem, **given}
    name = "detail_buyer" if side.is_buyer else "detail_supplier"
    return render(request, f"minerals/declarations/{name}.html", context, status=status or (422 if problem else 200))


def detail_context(request: HttpRequest, declaration: Declaration, side: Side) -> dict[str, Any]:
    """Return what the page shows to one side."""
    editions = handed_in_editions(declaration) if side.is_buyer else declaration.editions.order_by("-number")
    rows = list(editions.select_related("file", "created_by"))
    shown = shown_edition(declaration, rows, side)
    context: dict[str, Any] = {
        "declaration": declaration,
        "bond": declaration.relationship,
        "side": side,
        "editions": rows,
        "changes": list(declaration.changes.select_related("actor").order_by("-pk")),
        "followers": followers_of(request, declaration),
        "expires_on": expires_on(declaration),
    }
    if shown is not None:
        shown.declaration = declaration
        context |= reading_context(request, shown, side)
    return context | (buyer_context(declaration) if side.is_buyer else supplier_context(declaration, rows, side))


def shown_edition(declaration: Declaration, editions: list[Edition], side: Side) -> Edition | None:
    """Return the edition the page reads out: for the buyer the one that stands, for the supplier the newest."""
    if side.is_buyer:
        return next((row for row in editions if row.pk == declaration.current_id), None)
    return editions[0] if editions else None


def reading_context(request: HttpRequest, edition: Edition, side: Side) -> dict[str, Any]:
    """Return what was read from an edition, with the first of its smelters."""
    rows = list(smelter_rows(edition)[: MOST_SMELTERS + 1])
    uses = earlier_uses(edition).filter(declaration__in=visible_declarations(request.user))
    if side.is_buyer:
        uses = uses.filter(handed_in_at__isnull=False, declaration__relationship=edition.declaration.relationship_id)
    return {
        "edition": edition,
        "reading": reading_of(edition),
        "smelters": [(row, match_of(row)) for row in rows[:MOST_SMELTERS]],
        "smelter_count": len(rows) if len(rows) <= MOST_SMELTERS else edition.smelters.count(),
        "earlier": list(uses[:3]),
    }


def followers_of(request: HttpRequest, declaration: Declaration) -> list[Declaration]:
    """Return the declarations that follow this one, as far as the reader sees them."""
    return list(visible_declarations(request.user).filter(follows=declaration).order_by("pk")[:5])


# The two sides -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Step:
    """What the page asks its reader to do now: a heading and a sentence."""

    title: str
    text: str


def buyer_context(declaration: Declaration) -> dict[str, Any]:
    """Return what only the buyer sees: red flags, and what may be decided."""
    state, flags = State(declaration.state), flag_lines(declaration)
    return {
        "step": buyer_step(declaration),
        "flags": [line for line in flags if line.is_red],
        "mild_flags": [line for line in flags if not line.is_red],
        "can_accept": state is State.RECEIVED,
        "can_return": state in (State.RECEIVED, State.ACCEPTED),
        "can_cancel": declaration.is_open,
        "accept_form": AcceptForm(),
        "cancel_form": CancelForm(),
        "sent": declaration.changes.filter(target=State.RETURNED).order_by("-pk").first(),
    }


def buyer_step(declaration: Declaration) -> Step:
    """Return what the buyer does now, or whom it waits for."""
    supplier = declaration.relationship.supplier.name
    state = State(declaration.state)
    if state is State.RECEIVED:
        return Step(_("Your next step"), _("Check what was read. Accept it, or return it with what is to be mended."))
    if state is State.RETURNED:
        return Step(_("Next step"), _("%(supplier)s mends it and hands it in again.") % {"supplier": supplier})
    if state is State.REQUESTED:
        return Step(_("Next step"), _("%(supplier)s hands the declaration in.") % {"supplier": supplier})
    return Step(_("Where it stands"), standing_words(declaration))


def standing_words(declaration: Declaration) -> str:
    """Return how a declaration stands that waits for nobody."""
    state = State(declaration.state)
    if state is State.ACCEPTED:
        day = expires_on(declaration)
        if day is None:
            return _("It is accepted and counts.")
        return _("It is accepted and counts. It expires on %(day)s.") % {"day": shown_date(day)}
    return {
        State.SUPERSEDED: _("A newer declaration of the same scope has taken its place."),
        State.EXPIRED: _("It is too old and no longer counts. A newer one is needed."),
        State.CANCELLED: _("The request was called off. Nothing more is awaited."),
    }[state]


def supplier_context(declaration: Declaration, editions: list[Edition], side: Side) -> dict[str, Any]:
    """Return what only the supplier sees: the next step, the ways to hand in, what the buyer wrote."""
    waiting = waiting_edition(declaration, editions)
    returned = last_return(declaration)
    return {
        "step": supplier_step(declaration, waiting),
        "waiting": waiting,
        "returned": returned,
        "returned_lines": returned_lines(returned) if returned else [],
        "upload_form": UploadForm() if side.may_fill and declaration.state in TAKES_FILES else None,
        "can_form": side.may_fill and declaration.is_open,
        "draft": getattr(declaration, "draft", None) if side.may_fill else None,
    }


def waiting_edition(declaration: Declaration, editions: list[Edition]) -> Edition | None:
    """Return the newest edition where it can be handed in now."""
    takes_one = State.RECEIVED in TRANSITIONS[State(declaration.state)]
    newest = editions[0] if editions and takes_one else None
    return newest if newest is not None and newest.handed_in_at is None else None


def supplier_step(declaration: Declaration, waiting: Edition | None) -> Step:
    """Return what the supplier does now."""
    buyer = declaration.relationship.buyer.name
    state = State(declaration.state)
    if waiting is not None:
        return Step(_("Your next step"), _("Look at what was read below, then hand it in."))
    if state is State.RETURNED:
        return Step(_("Your next step"), _("Mend what %(buyer)s asks for and hand it in again.") % {"buyer": buyer})
    if state is State.REQUESTED:
        return Step(_("Your next step"), _("Hand in your declaration in one of two ways."))
    if state is State.RECEIVED:
        return Step(_("Next step"), _("%(buyer)s checks it. Nothing is awaited from you.") % {"buyer": buyer})
    return Step(_("Where it stands"), standing_words(declaration))


# One edition ---------------------------------------------------------------------------------------
@login_required
def declaration_edition(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One edition in full: everything that was read, all smelters and products."""
    edition = fetch_edition(request, pk, number)
    side = side_of(request, edition.declaration)
    page = page_of(smelter_rows(edition), request)
    context = {
        "declaration": edition.declaration,
        "bond": edition.declaration.relationship,
        "side": side,
        "edition": edition,
        "reading": reading_of(edition),
        "page": page,
        "smelters": [(row, match_of(row)) for row in page],
        "smelter_count": page.paginator.count,
        "products": list(edition.products.order_by("pk")[:500]),
        "in_full": True,
    }
    return render(request, "minerals/declarations/edition.html", context)
