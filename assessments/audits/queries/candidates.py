"""Reads for asking: the sites a person can ask an audit for, as the buyer or for the own site."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.lib.listing import search_rows
from suppliers.organisations.models import Organisation, Relationship, Site
from suppliers.organisations.queries import Reader, bought_relationships

SHOWN = 20


@dataclass(frozen=True)
class Pair:
    """A site and the relationship it would be audited in."""

    site: Site
    bond: Relationship


def active_bonds(rows: QuerySet[Relationship]) -> QuerySet[Relationship]:
    """Return the relationships that have not ended."""
    return rows.filter(Q(ended_on=None) | Q(ended_on__gt=timezone.localdate()))


def buyer_pairs(user: Reader, buyer: Organisation, words: str) -> list[Pair]:
    """Return the first sites a buyer's words find among its suppliers' open ones; none without words. Two queries."""
    if not words.strip():
        return []
    bonds = active_bonds(bought_relationships(user).filter(buyer=buyer))
    known = bonds.filter(vendor_code__iexact=words.strip()).values("supplier_id")
    sites = open_sites().filter(organisation_id__in=bonds.values("supplier_id"))
    found = search_rows(sites, words, ("name", "organisation__name", "code")) | sites.filter(organisation_id__in=known)
    return paired(list(found.order_by("organisation__name", "name", "pk")[:SHOWN]), bonds)


def paired(sites: Sequence[Site], bonds: QuerySet[Relationship]) -> list[Pair]:
    """Return sites with the relationship of their company."""
    rows = bonds.filter(supplier_id__in={site.organisation_id for site in sites}).select_related("buyer", "supplier")
    by_supplier = {bond.supplier_id: bond for bond in rows}
    return [Pair(site, by_supplier[site.organisation_id]) for site in sites if site.organisation_id in by_supplier]


def own_pairs(organisation: Organisation) -> list[Pair]:
    """Return every open site of a company with every buyer that could audit it."""
    bonds = active_bonds(Relationship.objects.filter(supplier=organisation)).select_related("buyer", "supplier")
    sites = list(open_sites().filter(organisation=organisation).order_by("name", "pk"))
    return [Pair(site, bond) for site in sites for bond in bonds.order_by("buyer__name")]


def open_sites() -> QuerySet[Site]:
    """Return the sites that work."""
    return Site.objects.filter(closed_on=None).select_related("organisation")


def buyer_pair(user: Reader, buyer: Organisation, site_id: int) -> Pair | None:
    """Return one site with the buyer's relationship; None where the user may not ask for it."""
    bonds = active_bonds(bought_relationships(user).filter(buyer=buyer))
    return next(iter(paired(list(open_sites().filter(pk=site_id)), bonds)), None)


def own_pair(organisation: Organisation, site_id: int, bond_id: int) -> Pair | None:
    """Return one of a company's own sites with one of its buyers; None for any other."""
    pairs = own_pairs(organisation)
    return next((pair for pair in pairs if (pair.site.pk, pair.bond.pk) == (site_id, bond_id)), None)
