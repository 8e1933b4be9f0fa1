"""Reads for entering a finding by hand: where it may be, and which provision it breaks."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from assessments.codes.document import known_codes, read_code
from assessments.findings.queries.findings import title_of
from portal.lib.listing import search_words
from suppliers.organisations.models import Relationship, Site
from suppliers.organisations.queries import Reader, Workspace, bought_relationships

MOST_PLACES = 20


@dataclass(frozen=True)
class Place:
    """A site of a supplier, and the relationship by which the buyer follows it."""

    relationship: Relationship
    site: Site


def find_places(user: Reader, workspace: Workspace | None, words: str) -> list[Place]:
    """Return the first open sites, by supplier, whose name, city, supplier or code holds every word; two queries."""
    if workspace is None or not words.strip():
        return []
    bonds = running_bonds(user, workspace)
    sites = Site.objects.filter(organisation_id__in=bonds.values("supplier_id"), closed_on=None)
    for word in search_words(words):
        named = Q(name__icontains=word) | Q(city__icontains=word) | Q(organisation__name__icontains=word)
        coded = bonds.filter(vendor_code__istartswith=word)
        sites = sites.filter(named | Q(organisation_id__in=coded.values("supplier_id")))
    found = list(sites.select_related("organisation").order_by("organisation__name", "name", "pk")[:MOST_PLACES])
    by_supplier = {bond.supplier_id: bond for bond in bonds.filter(supplier__in={site.organisation for site in found})}
    return [Place(by_supplier[site.organisation_id], site) for site in found]


def place_of(user: Reader, workspace: Workspace | None, wanted: str) -> Place | None:
    """Return one open site and its relationship, None where the reader's workspace does not buy from it now."""
    if workspace is None or not wanted.isdecimal():
        return None
    site = Site.objects.filter(pk=wanted, closed_on=None).select_related("organisation").first()
    bonds = running_bonds(user, workspace).select_related("buyer")
    bond = bonds.filter(supplier=site.organisation).first() if site else None
    return Place(bond, site) if bond and site else None


def running_bonds(user: Reader, workspace: Workspace) -> QuerySet[Relationship]:
    """Return the relationships of a workspace that the reader sees and that have not ended."""
    running = Q(ended_on=None) | Q(ended_on__gt=timezone.localdate())
    return bought_relationships(user).filter(running, buyer=workspace.organisation)


def provision_choices(language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the provisions to choose from, "code/provision" each, under the names of their codes; newest first."""
    codes = [read_code(name) for name in sorted(known_codes(), reverse=True)]
    return [
        (
            code.name,
            [(f"{code.code}/{one}", f"{one} {title_of(code.code, one, language)}") for one in code.provision_codes],
        )
        for code in codes
    ]
