"""Who sees which registry."""

from django.db.models import Q, QuerySet

from minerals.smelters.models import NameCase, Smelter, SmelterList
from minerals.smelters.queries.usage import is_named
from suppliers.organisations.enums import BUYER_ROLES
from suppliers.organisations.queries import Reader, organisations_where


def visible_smelters(user: Reader) -> QuerySet[Smelter]:
    """Return smelters in the registries of organisations for which the user buys."""
    return Smelter.objects.filter(owner_id__in=organisations_where(user, BUYER_ROLES))


def visible_cases(user: Reader) -> QuerySet[NameCase]:
    """Return open and decided names of the same registries.

    A name that only stands in what a supplier has not handed in yet is nobody else's business, unless somebody decided
    about it when it was declared.
    """
    rows = NameCase.objects.filter(owner_id__in=organisations_where(user, BUYER_ROLES))
    return rows.filter(is_named() | Q(decided_by__isnull=False))


def visible_lists(user: Reader) -> QuerySet[SmelterList]:
    """Return imported lists of the same registries."""
    return SmelterList.objects.filter(owner_id__in=organisations_where(user, BUYER_ROLES))
