"""Who sees which declaration."""

from django.db.models import Q, QuerySet

from minerals.declarations.models import Declaration
from suppliers.organisations.enums import SUPPLIER_ROLES
from suppliers.organisations.queries import Reader, bought_relationships, organisations_where


def own_declarations(user: Reader) -> QuerySet[Declaration]:
    """Return declarations of the user's own companies: the people who fill them in."""
    return Declaration.objects.filter(relationship__supplier_id__in=organisations_where(user, SUPPLIER_ROLES))


# Begun by the supplier after one that was accepted, and not handed in yet: the supplier's alone until then.
BEGUN = Q(follows__isnull=False, submitted_at__isnull=True)


def asked_declarations(user: Reader) -> QuerySet[Declaration]:
    """Return declarations the user sees as the buyer, within the scopes of the membership."""
    return Declaration.objects.filter(~BEGUN, relationship_id__in=bought_relationships(user).values("pk"))


def visible_declarations(user: Reader) -> QuerySet[Declaration]:
    """Return declarations the user may see at all."""
    return own_declarations(user) | asked_declarations(user)
