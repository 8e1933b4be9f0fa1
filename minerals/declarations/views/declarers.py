"""Who declares a smelter: a part of its page where scripts run, a page of its own where they do not."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from minerals.declarations.models import DeclaredSmelter
from minerals.declarations.queries.declarers import declarers_of
from minerals.smelters.permissions import may
from minerals.smelters.queries import visible_cases, visible_smelters
from portal.accounts.queries import signed_in
from portal.lib.listing import page_of
from suppliers.organisations.models import Organisation

PART = 10


@login_required
def smelter_declarers(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who declares a smelter."""
    user = signed_in(request)
    smelter = get_object_or_404(visible_smelters(user).select_related("owner"), pk=pk)
    check_reader(request, smelter.owner)
    rows = declarers_of(user, smelter.owner_id, smelter=smelter.pk)
    return show_declarers(request, rows, title=smelter.name, back=reverse("smelter_detail", args=[pk]))


@login_required
def smelter_name_declarers(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who gives a name that the registry does not know."""
    user = signed_in(request)
    case = get_object_or_404(visible_cases(user).select_related("owner"), pk=pk)
    check_reader(request, case.owner)
    rows = declarers_of(user, case.owner_id, case=case.pk)
    title = case.name or case.cid
    return show_declarers(request, rows, title=title, back=reverse("smelter_name_detail", args=[pk]))


def check_reader(request: HttpRequest, owner: Organisation) -> None:
    """Raise PermissionDenied for who may not read the registry."""
    if not may(signed_in(request), "read", owner):
        raise PermissionDenied


def show_declarers(request: HttpRequest, rows: QuerySet[DeclaredSmelter], *, title: str, back: str) -> HttpResponse:
    """Answer with the first rows for htmx, with pages of all rows else."""
    if request.headers.get("HX-Request"):
        found = list(rows[: PART + 1])
        context = {"rows": found[:PART], "more_url": request.path if len(found) > PART else ""}
        return render(request, "minerals/declarations/declarers_part.html", context)
    page = page_of(rows, request)
    context = {"rows": list(page), "page": page, "title": title, "back": back}
    return render(request, "minerals/declarations/declarers.html", context)
