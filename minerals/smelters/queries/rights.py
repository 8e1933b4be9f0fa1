"""Who sees which registry."""

from django.db.models import QuerySet

from minerals.smelters.models import NameCase, Smelter, SmelterList
from suppliers.organisations.enums import BUYER_ROLES
from suppliers.organisations.queries import Reader, organisations_where


def visible_smelters(user: Reader) -> QuerySet[Smelter]:
    """Return smelters in the registries of organisations for which the user buys."""
    return Smelter.objects.filter(owner_id__in=organisations_where(user, BUYER_ROLES))


def visible_cases(user: Reader) -> QuerySet[NameCase]:
    """Return open and decided names of the same registries."""
    return NameCase.objects.filter(owner_id__in=organisations_where(user, BUYER_ROLES))


def visible_lists(user: Reader) -> QuerySet[SmelterList]:
    """Return imported lists of the same registries."""
    return SmelterList.objects.filter(owner_id__in=organisations_where(user, BUYER_ROLES))
