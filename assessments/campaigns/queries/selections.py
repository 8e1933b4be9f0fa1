"""Which sites and suppliers a selection means."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.campaigns.enums import OwnSites
from assessments.campaigns.models import Campaign
from assessments.campaigns.queries.subjects import subject_of
from assessments.campaigns.selection import Selection
from portal.lib.formats import figure
from suppliers.organisations.models import Organisation, Relationship, Site
from suppliers.organisations.queries import Reader, bought_relationships, leading_sites

MEANT_UP_TO = {"facility-short": 250}
"""The standard questionnaires that are written for sites of up to so many people."""


@dataclass(frozen=True, slots=True)
class Codes:
    """What became of pasted vendor codes that ask nobody."""

    unknown: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    without_sites: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many ask nobody."""
        return len(self.unknown) + len(self.ended) + len(self.without_sites)


def askable_relationships(buyer: Organisation, reader: Reader) -> QuerySet[Relationship]:
    """Return the buyer's relationships that the reader may ask in, ended ones included."""
    return bought_relationships(reader).filter(buyer=buyer)


def running(today: date) -> Q:
    """The condition of a relationship that has not ended."""
    return Q(ended_on=None) | Q(ended_on__gt=today)


def chosen_relationships(buyer: Organisation, selection: Selection, reader: Reader) -> QuerySet[Relationship]:
    """Return the running relationships a selection means."""
    rows = askable_relationships(buyer, reader).filter(running(timezone.localdate()))
    if selection.by_codes:
        return rows.filter(vendor_code__in=selection.vendor_codes)
    own = Q(supplier_id=F("buyer_id"))
    if selection.own_sites != OwnSites.WITH:
        rows = rows.filter(own if selection.own_sites == OwnSites.ONLY else ~own)
    wanted = {
        "business_unit__in": selection.business_units,
        "region__in": selection.regions,
        "category__in": selection.categories,
        "tier__in": selection.tiers,
    }
    return rows.filter(**{name: values for name, values in wanted.items() if values})


def chosen_sites(buyer: Organisation, selection: Selection, reader: Reader) -> QuerySet[Site]:
    """Return the open sites a selection means, each once: a buyer has one relationship with a supplier."""
    suppliers = chosen_relationships(buyer, selection, reader).values("supplier_id")
    sites = Site.objects.filter(Q(closed_on=None) | Q(closed_on__gt=timezone.localdate()))
    sites = sites.filter(organisation_id__in=suppliers)
    if selection.by_codes:
        return sites
    wanted = {"country__in": selection.countries, "sector__in": selection.sectors}
    sites = sites.filter(**{name: values for name, values in wanted.items() if values})
    # NULL is in no range: a site without a number is asked only where no size is wanted.
    sizes = {"workers__gte": selection.workers_from, "workers__lte": selection.workers_to}
    return sites.filter(**{name: number for name, number in sizes.items() if number is not None})


def size_words(selection: Selection) -> str:
    """Return in words which sizes of sites a selection means; "" where it takes all."""
    if not selection.by_size:
        return ""
    low, high = selection.workers_from, selection.workers_to
    limits = {"low": figure(low or 0), "high": figure(high or 0)}
    if high is None:
        return _("Sites with %(low)s workers or more") % limits
    if low is None:
        return _("Sites with at most %(high)s workers") % limits
    return _("Sites with %(low)s to %(high)s workers") % limits


def largest_meant(campaign: Campaign) -> int | None:
    """Return for sites of how many people at most the questionnaire of a campaign is meant; None for all sizes."""
    version = campaign.version
    lines = (version.questionnaire, version.base.questionnaire if version.base else None) if version else ()
    codes = [line.code for line in lines if line is not None and line.owner_id is None]
    return next((MEANT_UP_TO[code] for code in codes if code in MEANT_UP_TO), None)


def asked_sites(campaign: Campaign, reader: Reader) -> QuerySet[Site]:
    """Return the sites a campaign asks: all that are chosen, or one of each supplier where it is asked as a whole."""
    chosen = chosen_sites(campaign.buyer, Selection.from_data(campaign.selection), reader)
    return leading_sites(chosen) if subject_of(campaign).per_supplier else chosen


def count_asked(campaign: Campaign, reader: Reader) -> int:
    """Return how many requests a campaign means; one query."""
    sites, suppliers = count_selection(campaign.buyer, Selection.from_data(campaign.selection), reader)
    return suppliers if subject_of(campaign).per_supplier else sites


def count_selection(buyer: Organisation, selection: Selection, reader: Reader) -> tuple[int, int]:
    """Return how many sites of how many suppliers a selection means; one query."""
    found = chosen_sites(buyer, selection, reader).aggregate(
        sites=Count("pk"), suppliers=Count("organisation_id", distinct=True)
    )
    return found["sites"], found["suppliers"]


def check_codes(buyer: Organisation, selection: Selection, reader: Reader) -> Codes:
    """Return the pasted codes that ask nobody, and why, in the order they were pasted."""
    if not selection.by_codes:
        return Codes()
    today = timezone.localdate()
    known = askable_relationships(buyer, reader).filter(vendor_code__in=selection.vendor_codes)
    ended_on = dict(known.values_list("vendor_code", "ended_on"))
    ended = {code for code, day in ended_on.items() if day is not None and day <= today}
    open_site = Site.objects.filter(Q(closed_on=None) | Q(closed_on__gt=today), organisation_id=OuterRef("supplier_id"))
    bare = set(known.filter(~Exists(open_site)).values_list("vendor_code", flat=True)) - ended
    return Codes(
        unknown=tuple(code for code in selection.vendor_codes if code not in ended_on),
        ended=tuple(code for code in selection.vendor_codes if code in ended),
        without_sites=tuple(code for code in selection.vendor_codes if code in bare),
    )


def selection_choices(buyer: Organisation, reader: Reader) -> dict[str, list[Any]]:
    """Return the values a new selection can be filtered by, from the running relationships and their sites."""
    rows = askable_relationships(buyer, reader).filter(running(timezone.localdate()))
    names = ("business_unit", "region", "category", "tier")
    found: dict[str, set[Any]] = {name: set() for name in names}
    for row in rows.order_by().values_list(*names).distinct():
        for name, value in zip(names, row, strict=True):
            if value not in ("", None):
                found[name].add(value)
    sites = Site.objects.filter(closed_on=None, organisation_id__in=rows.values("supplier_id"))
    places = sites.order_by().values_list("country", "sector").distinct()
    found["country"] = {str(country) for country, _sector in places}
    found["sector"] = {sector for _country, sector in places}
    return {name: sorted(values) for name, values in found.items()}
