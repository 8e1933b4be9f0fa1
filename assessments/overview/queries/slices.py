"""What the reports have in common: a buyer's findings, and the filters that narrow them to a part of its suppliers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_countries import countries

from assessments.findings.enums import Severity, Source
from assessments.findings.models import Finding
from assessments.findings.queries import distinct_values, followed_relationships, workspace_rows
from portal.lib.listing import Facet, narrow_rows, plain_choices
from suppliers.organisations.models import Relationship
from suppliers.organisations.queries import Reader, Workspace

# Where a finding keeps what the filters name; the list of findings has the same filters under the same names.
FINDING_PATHS = {
    "business_unit": "relationship__business_unit",
    "region": "relationship__region",
    "country": "site__country",
    "category": "relationship__category",
    "tier": "relationship__tier",
}


def part_facets(bonds: QuerySet[Relationship], paths: Mapping[str, Any]) -> list[Facet]:
    """Return the filters by part of the suppliers; `paths` says how each narrows. One query."""
    own = {name: name for name in FINDING_PATHS}
    found = distinct_values(bonds, {**own, "country": "supplier__sites__country"})
    lands = sorted(((code, str(countries.name(code))) for code in found["country"]), key=lambda pair: pair[1])
    labels = {
        "business_unit": _("Business unit"),
        "region": _("Region"),
        "country": _("Country"),
        "category": _("Category"),
        "tier": _("Tier"),
    }
    choices = {name: plain_choices(found[name]) for name in own} | {"country": lands}
    return [Facet(name, label, choices[name], paths[name]) for name, label in labels.items()]


def finding_facets(user: Reader, workspace: Workspace) -> list[Facet]:
    """Return the filters of a report over findings: source and part of the suppliers; one query."""
    bonds = followed_relationships(user, workspace.organisation)
    return [Facet("source", _("Source"), Source.choices, "source"), *part_facets(bonds, FINDING_PATHS)]


def severity_facet() -> Facet:
    """Return the filter by severity."""
    return Facet("severity", _("Severity"), Severity.choices, "severity")


def reported_findings(
    user: Reader, workspace: Workspace, facets: Sequence[Facet], params: Mapping[str, str]
) -> QuerySet[Finding]:
    """Return the buyer's findings that the filters of a report leave."""
    return narrow_rows(workspace_rows(user, workspace), facets, params)


def with_fixed(facets: Sequence[Facet], params: Mapping[str, str], fixed: Mapping[str, str]) -> dict[str, str]:
    """Return the address with a value for each filter that always has one: its own if there is such, else the fixed."""
    known = {facet.name: facet for facet in facets}
    chosen = {name: params.get(name, "") for name in fixed}
    return {**params, **{n: chosen[n] if known[n].allows(chosen[n]) else value for n, value in fixed.items()}}


def kept_params(facets: Sequence[Facet], params: Mapping[str, str]) -> dict[str, str]:
    """Return what the address narrows by, for the links to the rows behind a figure."""
    chosen = {facet.name: params.get(facet.name, "") for facet in facets}
    return {facet.name: chosen[facet.name] for facet in facets if facet.allows(chosen[facet.name])}
