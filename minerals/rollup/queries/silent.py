"""Suppliers that matter and have not answered: read live, so that a request counts the moment it goes out."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from minerals.declarations.enums import DeclarationState
from minerals.declarations.models import Declaration
from minerals.rollup.models import Contribution, GroupItem, Placement, ProductGroup

# Asked, and perhaps nothing of it counts: neither what was handed in and not accepted, nor what was accepted and is
# not counted yet, speaks of other products or leaves out a mineral. A cancelled request is no request.
ASKED_STATES = (
    DeclarationState.REQUESTED,
    DeclarationState.RETURNED,
    DeclarationState.RECEIVED,
    DeclarationState.EXPIRED,
    DeclarationState.ACCEPTED,
)


@dataclass(frozen=True)
class Owed:
    """A declaration whose answers the roll-up does not hold; no `minerals` means all of its template."""

    declaration_id: int
    relationship_id: int
    minerals: frozenset[str]


def asked_rows(owner_id: int, template: str, group: ProductGroup | None) -> QuerySet[Declaration]:
    """Return what was asked of suppliers, in a group of those that deliver into it."""
    rows = Declaration.objects.filter(
        relationship__buyer_id=owner_id, template=template, state__in=ASKED_STATES
    ).order_by()
    delivers = GroupItem.objects.filter(relationship=OuterRef("relationship"), group=group)
    return rows if group is None else rows.filter(Exists(delivers))


def unheard(template: str, group: ProductGroup | None) -> Q:
    """Return the clause for declarations of suppliers of whom the roll-up holds nothing at all."""
    placed = Placement.objects.filter(
        contribution__relationship=OuterRef("relationship"), rollup__group=group, rollup__template=template
    )
    return Q(~Exists(placed))


def silent_declarations(owner_id: int, template: str, group: ProductGroup | None = None) -> QuerySet[Declaration]:
    """Return the declarations of suppliers who were asked and of whom the roll-up holds nothing at all."""
    return asked_rows(owner_id, template, group).filter(unheard(template, group))


def owed_declarations(owner_id: int, template: str, group: ProductGroup | None = None) -> list[Owed]:
    """Return what suppliers owe: all they were asked, or the minerals that they were asked about and left out."""
    rows = asked_rows(owner_id, template, group).filter(unheard(template, group) | ~Q(minerals=[]))
    asked = list(rows.values_list("pk", "relationship_id", "minerals"))
    spoken = spoken_minerals({supplier for _pk, supplier, minerals in asked if minerals}, template, group)
    return [
        Owed(pk, supplier, left)
        for pk, supplier, minerals in asked
        for left in [frozenset(minerals) - spoken.get(supplier, set())]
        if left or not minerals
    ]


def spoken_minerals(suppliers: Iterable[int], template: str, group: ProductGroup | None) -> dict[int, set[str]]:
    """Return the minerals of which the roll-up holds a word of these suppliers."""
    rows = Contribution.objects.filter(
        relationship_id__in=list(suppliers), placements__rollup__group=group, placements__rollup__template=template
    )
    found: dict[int, set[str]] = {}
    for supplier, words in rows.values_list("relationship_id", "words"):
        found.setdefault(supplier, set()).update(mineral for answers in words.values() for mineral in answers)
    return found


def silent_suppliers(owner_id: int, template: str, group: ProductGroup | None = None) -> Callable[[str], int]:
    """Return how many suppliers have not answered, by mineral; a request that names no minerals asks of all."""
    minerals_of: dict[int, frozenset[str] | None] = {}
    for owed in owed_declarations(owner_id, template, group):
        before = minerals_of.get(owed.relationship_id, frozenset())
        minerals_of[owed.relationship_id] = (before | owed.minerals) if before is not None and owed.minerals else None
    of_all = sum(minerals is None for minerals in minerals_of.values())
    named = Counter(mineral for minerals in minerals_of.values() for mineral in minerals or ())
    return lambda mineral: of_all + named[mineral]


def silent_about(
    owner_id: int, template: str, mineral: str, group: ProductGroup | None = None
) -> QuerySet[Declaration]:
    """Return the declarations that are owed about one mineral, by supplier."""
    owed = owed_declarations(owner_id, template, group)
    asked = [one.declaration_id for one in owed if not one.minerals or mineral in one.minerals]
    found = Declaration.objects.filter(pk__in=asked).select_related("relationship__supplier")
    return found.order_by("relationship__supplier__name", "relationship_id", "pk")
