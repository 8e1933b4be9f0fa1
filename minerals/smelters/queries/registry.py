"""The list of smelters: filters, search, order, counts."""

from collections.abc import Mapping, Sequence

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django_countries import countries

from minerals.smelters.enums import LIGHTS, Light, Status
from minerals.smelters.models import Smelter
from minerals.smelters.queries.usage import is_declared
from minerals.templates_io.queries import mineral_name
from portal.lib.listing import Facet, narrow_rows, search_rows, sort_rows

SEARCHED = ("name", "cid", "country_text", "city", "names__name")
SORTS = {
    "name": "name",
    "cid": "cid",
    "metal": "metal",
    "country": "country",
    "status": "status",
    "as_of": "status_as_of",
}


def smelter_facets(owner_id: int) -> list[Facet]:
    """Return the filters of the list; metals and countries are those of the registry."""
    rows = Smelter.objects.filter(owner_id=owner_id).order_by()
    used = rows.values_list("metal", "country").distinct()
    metals, places = {metal for metal, _country in used}, {country for _metal, country in used} - {""}
    named = sorted(((code, str(countries.name(code))) for code in places), key=lambda pair: pair[1])
    return [
        Facet("metal", _("Metal"), [(metal, mineral_name(metal)) for metal in sorted(metals)], "metal"),
        Facet("light", _("Traffic light"), Light.choices, light_clause),
        Facet("status", _("Status"), Status.choices, "status"),
        Facet("country", _("Country of the smelter"), named, "country"),
        Facet("declared", _("Declared"), [("yes", _("By a supplier")), ("no", _("By nobody"))], declared_clause),
    ]


def light_clause(value: str) -> Q:
    """Return the statuses that give a light, as a condition."""
    return Q(status__in=[status for status, light in LIGHTS.items() if light == value])


def declared_clause(value: str) -> Q:
    """Return whether anybody declares a smelter, as a condition."""
    return Q(is_declared()) if value == "yes" else ~Q(is_declared())


def wanted_smelters(
    rows: QuerySet[Smelter], facets: Sequence[Facet], params: QueryDict | Mapping[str, str]
) -> QuerySet[Smelter]:
    """Return the smelters an address asks for, sorted; every name of a smelter is searched."""
    rows = narrow_rows(rows, facets, params)
    if words := params.get("q", ""):
        found = search_rows(Smelter.objects.filter(owner_id__in=rows.values("owner_id")), words, SEARCHED)
        rows = rows.filter(pk__in=found.values("pk"))
    return sort_rows(rows, SORTS, params.get("sort", ""), "name")


def count_lights(rows: QuerySet[Smelter]) -> dict[str, int]:
    """Return {light: how many}, zeros too."""
    counted: dict[str, int] = {light.value: 0 for light in Light}
    for status, count in rows.order_by().values_list("status").annotate(Count("pk")):
        counted[LIGHTS[status]] += count
    return counted
