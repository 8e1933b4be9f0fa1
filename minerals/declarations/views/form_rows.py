"""Rows of the form: smelters and products that are added, pasted or taken out."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minerals.declarations.document import Step, used_minerals
from minerals.declarations.forms.drafting import read_pasted, read_products, read_unlisted
from minerals.declarations.models import Declaration
from minerals.declarations.queries.drafts import Picked, draft_of, pick_smelter, resolve_pasted
from minerals.declarations.services.drafting import add_products, add_smelters, remove_row
from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError
from portal.lib.numbers import read_number


def change_rows(request: HttpRequest, declaration: Declaration, step: Step, go: str) -> list[str]:
    """Do what a button about rows says, with a message; returns pasted lines that were not understood."""
    deed, _sign, what = go.partition("-")
    if deed == "remove":
        remove(request, declaration, step, what)
    elif step.kind == "products" and deed == "paste":
        tell_added(
            request, add_products(declaration=declaration, rows=read_products(request.POST), actor=signed_in(request))
        )
    elif step.kind == "smelters":
        return change_smelters(request, declaration, step, deed, what)
    return []


def remove(request: HttpRequest, declaration: Declaration, step: Step, number: str) -> None:
    """Take a row out."""
    kind = "products" if step.kind == "products" else "smelters"
    if remove_row(declaration=declaration, kind=kind, number=read_number(number), actor=signed_in(request)):
        messages.success(request, _("The row was taken out."))


def change_smelters(request: HttpRequest, declaration: Declaration, step: Step, deed: str, what: str) -> list[str]:
    """Add smelters to the page of a mineral."""
    owner_id, mineral = declaration.relationship.buyer_id, step.mineral
    unread: list[str] = []
    match deed:
        case "add":
            found = pick_smelter(owner_id, mineral, what)
            picked = [found] if found else []
        case "unlisted":
            picked = [read_new(request, mineral)]
        case "unidentified":
            picked = [Picked(kind="unidentified", metal=mineral)]
        case "paste":
            draft = draft_of(declaration)
            minerals = used_minerals(draft.content["declared"]) if draft else ()
            picked, unread = resolve_pasted(owner_id, read_pasted(request.POST, minerals), mineral)
        case _:
            return []
    tell_added(request, add_smelters(declaration=declaration, picked=picked, actor=signed_in(request)))
    return unread


def read_new(request: HttpRequest, mineral: str) -> Picked:
    """Return a smelter that is not in the list, as typed; it needs a name and a country."""
    name, country = read_unlisted(request.POST)
    if not name or not country:
        raise DomainError(_("A smelter that is not in the list needs its name and its country."), code="unlisted")
    return Picked(kind="unlisted", metal=mineral, name=name, country=country)


def tell_added(request: HttpRequest, count: int) -> None:
    """Say how many rows were added."""
    if not count:
        messages.info(request, _("Nothing was added: it stands in the table already."))
        return
    messages.success(
        request, ngettext("%(count)d row was added.", "%(count)d rows were added.", count) % {"count": count}
    )
