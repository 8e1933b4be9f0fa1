"""Suppliers that matter and have not answered: read live, so that a request counts the moment it goes out."""

from collections import Counter
from collections.abc import Callable

from django.db.models import Exists, OuterRef, QuerySet

from minerals.declarations.enums import DeclarationState
from minerals.declarations.models import Declaration
from minerals.rollup.models import Contribution, GroupItem, Placement, ProductGroup

# Asked and nothing that counts: handed in but not accepted is not counted either. A cancelled request is no request.
WAITING_STATES = (
    DeclarationState.REQUESTED,
    DeclarationState.RETURNED,
    DeclarationState.RECEIVED,
    DeclarationState.EXPIRED,
)


def silent_declarations(owner_id: int, template: str, group: ProductGroup | None = None) -> QuerySet[Declaration]:
    """Return the declarations that suppliers owe whose answers the roll-up does not hold.

    In a group also those that were accepted and speak of other products, or wait for a person to say of which.
    """
    rows = Declaration.objects.filter(relationship__buyer_id=owner_id, template=template)
    if group is None:
        counted = Contribution.objects.filter(relationship=OuterRef("relationship"), template=template, stands=True)
        return rows.filter(~Exists(counted), state__in=WAITING_STATES)
    placed = Placement.objects.filter(
        contribution__relationship=OuterRef("relationship"), rollup__group=group, rollup__template=template
    )
    delivers = GroupItem.objects.filter(relationship=OuterRef("relationship"), group=group)
    states = (*WAITING_STATES, DeclarationState.ACCEPTED)
    return rows.filter(Exists(delivers), ~Exists(placed), state__in=states)


def silent_suppliers(owner_id: int, template: str, group: ProductGroup | None = None) -> Callable[[str], int]:
    """Return how many suppliers have not answered, by mineral; a request that names no minerals asks of all."""
    asked: dict[int, set[str] | None] = {}
    rows = silent_declarations(owner_id, template, group).order_by()
    for relationship_id, minerals in rows.values_list("relationship_id", "minerals"):
        before = asked.setdefault(relationship_id, set())
        asked[relationship_id] = None if before is None or not minerals else before | set(minerals)
    of_all = sum(minerals is None for minerals in asked.values())
    named = Counter(mineral for minerals in asked.values() if minerals for mineral in minerals)
    return lambda mineral: of_all + named[mineral]


def silent_about(
    owner_id: int, template: str, mineral: str, group: ProductGroup | None = None
) -> QuerySet[Declaration]:
    """Return the declarations that are owed about one mineral, by supplier."""
    rows = silent_declarations(owner_id, template, group)
    asked = [pk for pk, minerals in rows.values_list("pk", "minerals") if not minerals or mineral in minerals]
    found = Declaration.objects.filter(pk__in=asked).select_related("relationship__supplier")
    return found.order_by("relationship__supplier__name", "relationship_id", "pk")
