"""What the pages of the roll-up have in common: whose it is, the filter of templates and groups, maps."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django_countries import countries

from minerals.rollup.permissions import may
from minerals.rollup.queries.choosing import Chosen, find_chosen
from minerals.templates_io.enums import ASKED_TEMPLATES
from portal.lib.listing import Facet, filter_context
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import current_workspace


def owner_here(request: HttpRequest, deed: str) -> Organisation:
    """Return the company for which the person may do the deed; raise PermissionDenied where there is none."""
    workspace = current_workspace(request)
    if workspace is None or not may(request.user, deed, workspace.organisation):
        raise PermissionDenied
    return workspace.organisation


def choose_rollup(request: HttpRequest) -> Chosen:
    """Return the roll-up of the address; 404 for one that is not the company's own."""
    params = request.POST if request.method == "POST" else request.GET
    chosen = find_chosen(owner_here(request, "read"), params.dict())
    if chosen is None:
        raise Http404
    return chosen


def rollup_facets(owner: Organisation) -> list[Facet]:
    """Return the filters of a roll-up: the template, and the group where there are groups."""
    templates = Facet("template", _("Template"), [(kind.value, kind.label) for kind in ASKED_TEMPLATES], "template")
    groups = [(str(pk), name) for pk, name in owner.product_groups.order_by("name").values_list("pk", "name")]
    return [templates, *([Facet("group", _("Products"), groups, "group")] if groups else [])]


def rollup_bar(
    request: HttpRequest, chosen: Chosen, extra: Sequence[Facet] = (), *, remains: str = "", search_label: str = ""
) -> dict[str, Any]:
    """Return the filter bar; a template is always chosen, so it offers no "All"."""
    facets = [*rollup_facets(chosen.owner), *extra]
    bar = filter_context(
        request, facets, remains=remains, search_label=search_label, chosen={"template": chosen.template}
    )
    for entry in bar["filters"]:
        if entry["name"] == "template":
            entry |= {"choices": entry["choices"][1:], "narrowed": False}
        if entry["name"] == "group":
            entry["choices"][0] = ("", _("Whole company"))
    narrowed = bool(request.GET.get("q")) or any(entry["narrowed"] for entry in bar["filters"])
    return {**bar, "clear_url": f"{request.path}?template={chosen.template}" if narrowed else ""}


def map_chart(counts: Iterable[tuple[str, int]], marked: Iterable[str] = ()) -> dict[str, Any]:
    """Return a world map: one circle per country, its size the smelters; `marked` countries stand out."""
    warned = set(marked)
    points = [
        {
            "id": countries.numeric(code, padded=True),
            "name": str(countries.name(code)),
            "size": size,
            "tone": "high" if code in warned else "accent",
        }
        for code, size in counts
        if countries.numeric(code)
    ]
    return {"type": "map", "countries": points, "labels": 8}


def country_rows(counts: Iterable[tuple[str, int]], marked: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Return counted countries with their names for the table beside a map."""
    warned = set(marked)
    return [
        {"code": code, "name": str(countries.name(code)) or code, "count": size, "marked": code in warned}
        for code, size in counts
    ]
