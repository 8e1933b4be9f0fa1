"""Who declares a smelter, or gives a name that nobody knows: the rows of what was handed in last."""

from django.db.models import F, QuerySet

from minerals.declarations.models import DeclaredSmelter
from minerals.declarations.queries.rights import asked_declarations
from suppliers.organisations.queries import Reader


def declarers_of(user: Reader, owner_id: int, **named: int) -> QuerySet[DeclaredSmelter]:
    """Return the rows that name a smelter (`smelter`) or a name of the queue (`case`), of declarations the user sees.

    Newest first. Rows of what a supplier has not handed in yet are left out.
    """
    seen = asked_declarations(user).filter(relationship__buyer_id=owner_id)
    rows = DeclaredSmelter.objects.filter(
        **named, edition__declaration__in=seen.values("pk"), edition__declaration__current=F("edition")
    )
    return rows.select_related("edition__declaration__relationship__supplier").order_by(
        F("edition__declaration__submitted_at").desc(nulls_last=True), "edition", "row", "pk"
    )
