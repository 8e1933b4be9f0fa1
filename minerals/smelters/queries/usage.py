"""How often a smelter or a name is declared.

Declarations stand above this room: it knows their rows by the name of their table only, and counts them.
"""

from collections.abc import Collection

from django.apps import apps
from django.db.models import Count, Exists, Model, OuterRef, QuerySet


def declared_rows() -> QuerySet[Model]:
    """Return the rows of all declarations that name a smelter."""
    return apps.get_model("declarations", "DeclaredSmelter")._default_manager.all()


def is_declared() -> Exists:
    """Return whether anybody declares a smelter, as a condition on smelters."""
    return Exists(declared_rows().filter(smelter=OuterRef("pk")))


def count_uses(field: str, ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return {id: (suppliers, declarations)} of what declarations name; `field` is "smelter" or "case"."""
    found = (
        declared_rows()
        .filter(**{f"{field}__in": ids})
        .values(field)
        .annotate(
            suppliers=Count("edition__declaration__relationship", distinct=True),
            declarations=Count("edition__declaration", distinct=True),
        )
    )
    return {row[field]: (row["suppliers"], row["declarations"]) for row in found}
