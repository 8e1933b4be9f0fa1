"""The minerals page: who answered, what they say, what waits for a person."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from minerals.declarations.queries.words import flag_title
from minerals.origins.queries import areas_for
from minerals.rollup.permissions import may
from minerals.rollup.queries import overview as queries
from minerals.rollup.views.frame import country_rows, map_chart, owner_here
from minerals.smelters.enums import Light
from portal.lib.listing import Facet, filter_context, plain_choices
from suppliers.organisations.models import Organisation

SHOWN_FLAGS = 8


@login_required
def minerals(request: HttpRequest) -> HttpResponse:
    """Show how the declarations of the buyer's suppliers stand; every figure opens the list behind it."""
    owner = owner_here(request, "read_overview")
    rows = queries.declarations_here(request.user, owner)
    pairs = queries.asked_years(rows)
    if not pairs:
        waiting = queries.count_waiting(owner, rows)
        return render(request, "minerals/rollup/minerals_empty.html", {"waiting": waiting, **rights(request, owner)})
    template = request.GET.get("template", "")
    template = template if template in {kind for kind, _year in pairs} else pairs[0][0]
    years = [str(year) for kind, year in pairs if kind == template]
    year = request.GET.get("year", "")
    year = year if year in years else years[0]
    chosen = {"template": template, "year": year}
    here = rows.filter(template=template, year=year)
    flags = queries.count_flags(here)
    facts = {
        "answered": queries.count_answers(here),
        "waiting": queries.count_waiting(owner, rows),
        "flags": [(code, flag_title(code), count) for code, count in flags[:SHOWN_FLAGS]],
        "most_flags": flags[0][1] if flags else 0,
        "more_flags": len(flags) - SHOWN_FLAGS,
        "template": template,
        "kept": urlencode(chosen),
        "now": timezone.now(),
        **rights(request, owner),
        **bar_of(request, pairs, chosen),
    }
    if facts["may_read"]:
        facts |= smelter_facts(owner, template)
    return render(request, "minerals/rollup/minerals.html", facts)


def rights(request: HttpRequest, owner: Organisation) -> dict[str, bool]:
    """Return what the reader may do here."""
    return {
        "may_read": may(request.user, "read", owner),
        "may_edit": may(request.user, "edit_profile", owner),
    }


def bar_of(request: HttpRequest, pairs: list[tuple[str, int]], chosen: dict[str, str]) -> dict[str, Any]:
    """Return the filter bar; a template and a year are always chosen."""
    templates = plain_choices(dict.fromkeys(kind for kind, _year in pairs))
    years = plain_choices(year for kind, year in pairs if kind == chosen["template"])
    facets = [Facet("template", _("Template"), templates, "template"), Facet("year", _("Year"), years, "year")]
    bar = filter_context(request, facets, chosen=chosen)
    for entry in bar["filters"]:
        entry |= {"choices": entry["choices"][1:], "narrowed": False, "value": chosen[entry["name"]]}
    return {**bar, "clear_url": ""}


def smelter_facts(owner: Organisation, template: str) -> dict[str, Any]:
    """Return what suppliers declare of smelters: by metal and light, and the two maps that are never mixed."""
    rows = queries.declared_rows(owner, template)
    smelters = queries.named_rows(rows)
    areas = areas_for(owner.pk, timezone.localdate())
    marked = {*areas.covered, *areas.risky}
    origins, places = queries.origin_counts(rows), queries.smelter_counts(smelters)
    metals = queries.metal_rows(smelters)
    return {
        "metals": metals,
        "lights": list(Light),
        "smelter_total": sum(row.total for row in metals),
        "red_total": sum(row.lights[Light.RED] for row in metals),
        "unknown_total": sum(row.unknown for row in metals),
        "origins": country_rows(origins, marked),
        "origin_map": map_chart(origins, marked),
        "places": country_rows(places),
        "place_map": map_chart(places),
    }
