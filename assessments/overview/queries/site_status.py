"""Is each site audited? The sites a buyer buys from, with how they stand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.audits.enums import AuditStatus
from assessments.audits.models import Audit
from assessments.audits.queries.status import SiteAudits, audits_of_sites, count_statuses, site_case, status_clause
from assessments.findings.queries import followed_relationships
from assessments.overview.queries.slices import FINDING_PATHS, part_facets
from portal.lib.listing import Facet, narrow_rows, search_rows, sort_rows
from suppliers.organisations.models import Organisation, Relationship, Site
from suppliers.organisations.queries import Reader

# What wants a deed comes first.
RANKS = (
    AuditStatus.EXPIRED,
    AuditStatus.EXPIRING,
    AuditStatus.PLANNED,
    AuditStatus.NEVER,
    AuditStatus.VALID,
)
SEARCHED = ("name", "organisation__name")
COLUMNS = {
    "status": "rank",
    "site": "name",
    "supplier": "organisation__name",
    "country": "country",
}


@dataclass(frozen=True)
class Scope:
    """The running relationships of a buyer that somebody sees, their open sites, and the audits of these."""

    bonds: QuerySet[Relationship]
    sites: QuerySet[Site]
    audits: QuerySet[Audit]


@dataclass(frozen=True)
class StatusLine:
    """One site with its supplier and how it stands."""

    site: Site
    relationship: Relationship
    standing: SiteAudits


def scope_of(user: Reader, buyer: Organisation) -> Scope:
    """Return what the audit status of a buyer is about."""
    today = timezone.localdate()
    running = Q(ended_on=None) | Q(ended_on__gt=today)
    bonds = followed_relationships(user, buyer).filter(running)
    sites = Site.objects.filter(closed_on=None, organisation_id__in=bonds.values("supplier_id"))
    audits = Audit.objects.filter(relationship_id__in=bonds.values("pk"), site__closed_on=None)
    return Scope(bonds, sites, audits)


def part_clause(scope: Scope, name: str, value: str) -> Q:
    """Return the condition of sites in a part of the suppliers: a country is the site's, all else its supplier's."""
    if name == "country":
        return Q(country=value)
    return Q(organisation_id__in=scope.bonds.filter(**{name: value}).values("supplier_id"))


def status_facets(scope: Scope) -> list[Facet]:
    """Return the filters: the status, and the part of the suppliers; one query."""

    def in_part(name: str) -> Callable[[str], Q]:
        return lambda value: part_clause(scope, name, value)

    status = Facet("status", _("Audit status"), AuditStatus.choices, lambda value: status_clause(scope.audits, value))
    return [status, *part_facets(scope.bonds, {name: in_part(name) for name in FINDING_PATHS})]


def count_sites(scope: Scope, facets: Sequence[Facet], params: Mapping[str, str]) -> dict[str, int]:
    """Return {status: sites} of the part that the address asks for, whatever status it chose; two queries."""
    parts = [facet for facet in facets if facet.name != "status"]
    sites = narrow_rows(scope.sites, parts, params)
    narrowed = any(facet.allows(params.get(facet.name, "")) for facet in parts)
    audits = scope.audits.filter(site_id__in=sites.order_by().values("pk")) if narrowed else scope.audits
    return count_statuses(audits, sites=sites.count())


def ranked_sites(scope: Scope) -> QuerySet[Site]:
    """Return the sites with `rank`, what wants a deed first."""
    rank = site_case(scope.audits, {status: number for number, status in enumerate(RANKS)})
    return scope.sites.select_related("organisation").annotate(rank=rank)


def wanted_sites(scope: Scope, facets: Sequence[Facet], params: Mapping[str, str]) -> QuerySet[Site]:
    """Return the sites that the address asks for, in its order."""
    rows = search_rows(narrow_rows(ranked_sites(scope), facets, params), params.get("q", ""), SEARCHED)
    return sort_rows(rows, COLUMNS, params.get("sort", ""), "status")


def status_lines(page: Sequence[Site], scope: Scope) -> list[StatusLine]:
    """Return the lines of one page of sites; three queries whatever its length."""
    owners = {site.organisation_id for site in page}
    bonds = {bond.supplier_id: bond for bond in scope.bonds.filter(supplier_id__in=owners)}
    standings = audits_of_sites(scope.audits, [site.pk for site in page])
    return [
        StatusLine(site, bonds[site.organisation_id], standings.get(site.pk, SiteAudits()))
        for site in page
        if site.organisation_id in bonds
    ]


def planned_day(line: StatusLine) -> date | None:
    """Return the day the next audit is planned for, as far as anybody said."""
    going = line.standing.going
    return (going.starts_on or going.preferred_on) if going else None
