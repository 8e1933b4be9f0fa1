"""Groups of products, and declarations that wait for a person to say which of them they speak of."""

from django.db.models import Count, QuerySet

from minerals.declarations.enums import DeclarationState
from minerals.declarations.models import Declaration
from minerals.rollup.models import ProductGroup
from minerals.templates_io.enums import ScopeKind
from suppliers.organisations.enums import BUYER_ROLES
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import Reader, organisations_where


def visible_groups(user: Reader) -> QuerySet[ProductGroup]:
    """Return the groups of companies for which the user buys."""
    return ProductGroup.objects.filter(owner_id__in=organisations_where(user, BUYER_ROLES))


def counted_groups(groups: QuerySet[ProductGroup]) -> QuerySet[ProductGroup]:
    """Return groups with how many suppliers deliver into them, by name."""
    return groups.annotate(
        item_count=Count("items"), supplier_count=Count("items__relationship", distinct=True)
    ).order_by("name", "pk")


def scopes_to_map(owner: Organisation) -> QuerySet[Declaration]:
    """Return accepted declarations with a scope of their own that nobody has mapped to groups yet.

    Only suppliers that deliver into a group: for the others there is nothing to decide.
    """
    rows = Declaration.objects.filter(
        relationship__buyer=owner, state=DeclarationState.ACCEPTED, scope=ScopeKind.CUSTOM
    )
    return rows.filter(mapping=None, relationship__group_items__isnull=False).distinct()
