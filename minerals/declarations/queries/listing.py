"""The lists: a buyer's declarations with filters, and what a supplier is asked for."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_countries import countries

from minerals.declarations.enums import OPEN_STATES, DeclarationState
from minerals.declarations.models import Declaration, RedFlag
from minerals.declarations.queries.rights import asked_declarations, own_declarations
from minerals.declarations.queries.words import alike_codes, flag_title
from minerals.declarations.risks import RED_GRADES
from minerals.templates_io.enums import ASKED_TEMPLATES
from portal.lib.listing import Facet, narrow_rows, plain_choices, search_rows
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import Reader, Workspace

SEARCHED = ("title", "relationship__supplier__name", "relationship__vendor_code")
SORTS = {
    "supplier": "relationship__supplier__name",
    "template": "template",
    "year": "year",
    "state": "state",
    "due": "due_on",
    "received": "submitted_at",
    "flags": "red_flags",
    "smelters": "smelters",
}
PATHS = {
    "year": "year",
    "country": "site__country",
    "business_unit": "relationship__business_unit",
    "region": "relationship__region",
    "category": "relationship__category",
}
OVERDUE = "overdue"


def listed_declarations(user: Reader, buyer: Organisation) -> QuerySet[Declaration]:
    """Return what a buyer lists, with what a row shows."""
    rows = asked_declarations(user).filter(relationship__buyer=buyer)
    return rows.select_related("relationship__supplier", "site")


def facets_of(rows: QuerySet[Declaration], params: Mapping[str, str]) -> list[Facet]:
    """Return the filters of the buyer's list, those without a choice left out; three queries."""
    found = facet_values(rows)
    flags = RedFlag.objects.filter(declaration__in=rows.order_by().values("pk"), grade__in=RED_GRADES)
    codes = {alike_codes(code)[0] for code in flags.order_by().values_list("code", flat=True).distinct()}
    named = sorted((flag_title(code), code) for code in codes)
    lands = sorted(((str(code), str(countries.name(code))) for code in found["country"]), key=lambda pair: pair[1])
    states = [*DeclarationState.choices, (OVERDUE, _("Overdue"))]
    facets = [
        Facet("state", _("State"), states, state_clause),
        Facet("template", _("Template"), [(kind.value, kind.label) for kind in ASKED_TEMPLATES], "template"),
        Facet("year", _("Year"), plain_choices(sorted(found["year"], reverse=True)), "year"),
        Facet("flags", _("Red flags"), flag_choices(named), flag_clause),
        Facet("country", _("Country"), lands, PATHS["country"]),
    ]
    for name, label in (("business_unit", _("Business unit")), ("region", _("Region")), ("category", _("Category"))):
        facets.append(Facet(name, label, plain_choices(sorted(found[name])), PATHS[name]))
    return [facet for facet in facets if len(facet.choices) > 1 or params.get(facet.name)]


def facet_values(rows: QuerySet[Declaration]) -> dict[str, set[Any]]:
    """Return the values that are there by filter, in one query."""
    combined = set(rows.order_by().values_list(*PATHS.values()).distinct())
    return {name: {line[place] for line in combined if line[place]} for place, name in enumerate(PATHS)}


def flag_choices(named: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the choices of the filter by red flags; `named` are titles, each with the code that stands for it."""
    return [("any", _("With red flags")), ("none", _("Without")), *((code, title) for title, code in named)]


def flag_clause(value: str) -> Q:
    """Return the condition of declarations with, without or with one kind of red flag."""
    if value == "any":
        return Q(red_flags__gt=0)
    if value == "none":
        return Q(red_flags=0, current__isnull=False)
    return Q(Exists(RedFlag.objects.filter(declaration=OuterRef("pk"), code__in=alike_codes(value))))


def state_clause(value: str) -> Q:
    """Return the condition of a state; overdue is open and past its date."""
    if value == OVERDUE:
        return Q(state__in=OPEN_STATES, due_on__lt=timezone.localdate())
    return Q(state=value)


def wanted_declarations(
    rows: QuerySet[Declaration], facets: Sequence[Facet], params: Mapping[str, str]
) -> QuerySet[Declaration]:
    """Return the rows that the address asks for, in its order; what has no value comes last."""
    rows = search_rows(narrow_rows(rows, facets, params), params.get("q", ""), SEARCHED)
    wanted = params.get("sort", "")
    name = wanted.removeprefix("-")
    if name not in SORTS:
        wanted, name = "-received", "received"
    column = F(SORTS[name])
    order = column.desc(nulls_last=True) if wanted.startswith("-") else column.asc(nulls_last=True)
    return rows.order_by(order, "pk")


def own_rows(user: Reader, workspace: Workspace) -> tuple[QuerySet[Declaration], QuerySet[Declaration]]:
    """Return what a supplier still has to hand in, the most urgent first, and what it has handed in."""
    rows = own_declarations(user).filter(relationship__supplier=workspace.organisation)
    rows = rows.select_related("relationship__buyer", "site", "draft")
    rank = F("due_on").asc(nulls_last=True)
    opened = rows.filter(state__in=OPEN_STATES).order_by(F("state").desc(), rank, "pk")
    done = rows.exclude(state__in=(*OPEN_STATES, DeclarationState.CANCELLED)).order_by("-submitted_at", "-pk")
    return opened, done


def exported_declarations(
    user: Reader, organisation_id: int | None, params: Mapping[str, str]
) -> QuerySet[Declaration]:
    """Return what the list of one of the user's workspaces shows for an address; used by the export."""
    buyer = Organisation.objects.filter(pk=organisation_id or 0).first()
    if buyer is None:
        return Declaration.objects.none()
    rows = listed_declarations(user, buyer)
    return wanted_declarations(rows, facets_of(rows, params), params)
