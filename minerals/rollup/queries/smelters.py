"""The consolidated list of smelters as a page shows it."""

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django_countries import countries

from minerals.rollup.models import Rollup, RollupSmelter
from minerals.smelters.enums import LIGHTS, CaseState, Light, Status
from minerals.templates_io.queries import mineral_name
from portal.lib.listing import Facet

SEARCHED = ("smelter__name", "smelter__cid", "case__name")
SORTS = {"suppliers": "suppliers", "metal": "metal", "name": "smelter__name", "status": "smelter__status"}
# What a row of the roll-up can be besides a smelter of the registry.
KINDS = {
    "declared": Q(smelter__isnull=False) | ~Q(case__state=CaseState.REJECTED) & Q(case__isnull=False),
    "unlisted": ~Q(case__state=CaseState.REJECTED) & Q(smelter=None, case__isnull=False),
    "known": Q(smelter__isnull=False),
    "open": Q(case__state__in=(CaseState.OPEN, CaseState.MATCHED)),
    "unknown": Q(case__state=CaseState.UNKNOWN),
    "rejected": Q(case__state=CaseState.REJECTED),
    "unidentified": Q(smelter=None, case=None),
}


def rolled_smelters(rollup: Rollup | None) -> QuerySet[RollupSmelter]:
    """Return every smelter and name of a roll-up."""
    rows = RollupSmelter.objects.filter(rollup=rollup) if rollup else RollupSmelter.objects.none()
    return rows.select_related("smelter", "case")


def standing_smelters(rollup: Rollup | None) -> QuerySet[RollupSmelter]:
    """Return the same without the names that a person rejected."""
    return rolled_smelters(rollup).exclude(case__state=CaseState.REJECTED)


def smelter_facets(rollup: Rollup | None) -> list[Facet]:
    """Return the filters of the list: metal, light, what kind of row it is, country of the smelter."""
    rows = rolled_smelters(rollup).select_related(None).order_by()
    pairs = set(rows.values_list("metal", "smelter__country").distinct())
    metals = [(metal, mineral_name(metal)) for metal in sorted({metal for metal, _country in pairs})]
    places = sorted({str(code) for _metal, code in pairs if code}, key=lambda code: str(countries.name(code)))
    named = [(code, str(countries.name(code))) for code in places]
    kinds = [
        ("declared", _("Smelters and names")),
        ("unlisted", _("Names that no list knows")),
        ("known", _("Known smelters")),
        ("open", _("Names to decide")),
        ("unknown", _("Kept as unknown")),
        ("rejected", _("Rejected names")),
        ("unidentified", _("Not identified")),
    ]
    return [
        Facet("metal", _("Metal"), metals, "metal"),
        Facet("kind", _("Kind"), kinds, KINDS.__getitem__),
        Facet("light", _("Traffic light"), Light.choices, light_clause),
        Facet("place", _("Country of the smelter"), named, "smelter__country"),
    ]


def light_clause(value: str) -> Q:
    """Return the smelters of one traffic light."""
    return Q(smelter__status__in=[status for status in Status if LIGHTS[status] == value])


def sort_smelters(rows: QuerySet[RollupSmelter], wanted: str) -> QuerySet[RollupSmelter]:
    """Return the rows in the order of the address: those most suppliers name first; what has no value comes last."""
    name = wanted.removeprefix("-")
    if name not in SORTS:
        wanted, name = "-suppliers", "suppliers"
    column = F(SORTS[name])
    order = column.desc(nulls_last=True) if wanted.startswith("-") else column.asc(nulls_last=True)
    return rows.order_by(order, "metal", "pk")


def smelters_with_origin(rollup: Rollup | None, country: str) -> list[RollupSmelter]:
    """Return what somebody says buys in a country; as the map counts it."""
    return [row for row in standing_smelters(rollup) if country in row.origins]
