"""Finding the supplier whose declaration a buyer enters."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.lib.listing import search_words
from portal.lib.numbers import read_number
from suppliers.organisations.models import Organisation, Relationship
from suppliers.organisations.queries import Reader, bought_relationships

MOST_SUPPLIERS = 20


def running_bonds(user: Reader, buyer: Organisation) -> QuerySet[Relationship]:
    """Return the relationships of a buyer that the reader sees and that have not ended."""
    running = Q(ended_on=None) | Q(ended_on__gt=timezone.localdate())
    return bought_relationships(user).filter(running, buyer=buyer).select_related("supplier", "buyer")


def find_bonds(user: Reader, buyer: Organisation, words: str) -> list[Relationship]:
    """Return the first suppliers whose name or vendor code holds every word."""
    wanted = search_words(words)
    if not wanted:
        return []
    rows = running_bonds(user, buyer)
    for word in wanted:
        rows = rows.filter(Q(supplier__name__icontains=word) | Q(vendor_code__istartswith=word))
    return list(rows.order_by("supplier__name", "pk")[:MOST_SUPPLIERS])


def bond_of(user: Reader, buyer: Organisation, wanted: str) -> Relationship | None:
    """Return one running relationship, None where the reader's company does not buy there now."""
    return running_bonds(user, buyer).filter(pk=read_number(wanted)).first()
