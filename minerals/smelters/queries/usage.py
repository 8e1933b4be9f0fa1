"""How often a smelter or a name is declared.

Declarations stand above this room: it knows their rows by the name of their table only, and counts them. What a
supplier has read in and not handed in yet is nobody else's business and does not count.
"""

from collections.abc import Collection

from django.apps import apps
from django.db.models import Count, Exists, F, Model, OuterRef, QuerySet

from suppliers.organisations.queries import Reader, bought_relationships


def declared_rows() -> QuerySet[Model]:
    """Return the rows of what was handed in last of every declaration."""
    rows = apps.get_model("declarations", "DeclaredSmelter")._default_manager
    return rows.filter(edition__declaration__current=F("edition"))


def is_declared() -> Exists:
    """Return whether anybody declares a smelter, as a condition on smelters."""
    return Exists(declared_rows().filter(smelter=OuterRef("pk")))


def is_named() -> Exists:
    """Return whether a declaration names a case, as a condition on cases."""
    return Exists(declared_rows().filter(case=OuterRef("pk")))


def count_uses(user: Reader, field: str, ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return {id: (suppliers, declarations)} of what declarations name; `field` is "smelter" or "case".

    Counted are declarations that the reader sees as the buyer: as many as the page of a smelter lists.
    """
    found = (
        declared_rows()
        .filter(**{f"{field}__in": ids, "edition__declaration__relationship__in": bought_relationships(user)})
        .values(field)
        .annotate(
            suppliers=Count("edition__declaration__relationship", distinct=True),
            declarations=Count("edition__declaration", distinct=True),
        )
    )
    return {row[field]: (row["suppliers"], row["declarations"]) for row in found}
