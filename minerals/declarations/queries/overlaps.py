"""Which declarations of one supplier speak of the same things."""

from collections.abc import Iterable

from minerals.declarations.models import Declaration, DeclaredProduct, Edition
from minerals.templates_io.enums import ScopeKind, Template


def overlapping_rows(declaration: Declaration, rows: Iterable[Declaration]) -> list[Declaration]:
    """Return those of `rows` that speak of the same things as a declaration, itself left out.

    Two that speak of the whole company do, and two that list a product in common. Where the supplier defined the
    scope, the same words are needed; one without a scope counts as the whole company. Two that declare different
    minerals do not: one on mica says nothing of cobalt.
    """
    kind = kind_of(declaration)
    same = [row for row in rows if row.pk != declaration.pk and row.current_id and kind_of(row) == kind]
    same = sharing_minerals(declaration, same)
    if kind == ScopeKind.COMPANY or not same:
        return same
    marks = marks_of([declaration, *same], kind)
    return [row for row in same if marks.get(row.pk, set()) & marks.get(declaration.pk, set())]


def sharing_minerals(declaration: Declaration, rows: list[Declaration]) -> list[Declaration]:
    """Return those that declare a mineral in common; a CMRT always speaks of the same four."""
    if declaration.template == Template.CMRT or not rows:
        return rows
    editions = Edition.objects.filter(pk__in=[row.current_id for row in [declaration, *rows] if row.current_id])
    declared = {pk: set(minerals or ()) for pk, minerals in editions.values_list("pk", "content__minerals")}
    own = declared.get(declaration.current_id or 0, set())
    found = [(row, declared.get(row.current_id or 0, set())) for row in rows]
    return [row for row, minerals in found if not own or not minerals or own & minerals]


def kind_of(declaration: Declaration) -> str:
    """Return the kind of scope, the whole company where none is stated."""
    return declaration.scope or ScopeKind.COMPANY


def marks_of(rows: list[Declaration], kind: str) -> dict[int, set[str]]:
    """Return by declaration what its scope is recognised by: its products, or its own words."""
    owners = {row.current_id: row.pk for row in rows if row.current_id is not None}
    found: dict[int, set[str]] = {}
    if kind == ScopeKind.PRODUCTS:
        marks = list(DeclaredProduct.objects.filter(edition__in=list(owners)).values_list("edition_id", "folded"))
    else:
        texts = Edition.objects.filter(pk__in=list(owners)).values_list("pk", "content__scope_description")
        marks = [(pk, " ".join(str(text or "").split()).casefold()) for pk, text in texts]
    for edition_id, mark in marks:
        found.setdefault(owners[edition_id], set()).add(mark)
    return found
