"""Who may do what with a declaration: one table, read by views, templates and the API."""

from minerals.declarations.models import Declaration
from suppliers.organisations.enums import BUYER_ROLES, SUPPLIER_ROLES, Role
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import Reader, bought_relationships, has_role, sees_everything

EDITORS = frozenset({Role.SUPPLIER_MANAGER, Role.SUPPLIER_EDITOR})
REVIEWERS = frozenset({Role.BUYER_ADMINISTRATOR, Role.BUYER_PROCUREMENT})

SUPPLIER_DEEDS: dict[str, frozenset[Role]] = {
    "read_draft": SUPPLIER_ROLES,
    "fill": EDITORS,
    "hand_in": frozenset({Role.SUPPLIER_MANAGER}),
}
BUYER_DEEDS: dict[str, frozenset[Role]] = {
    "read": BUYER_ROLES,
    "enter": REVIEWERS,
    "review": REVIEWERS,
    "cancel": REVIEWERS,
}
COMPANY_DEEDS: dict[str, frozenset[Role]] = {
    "enter_many": REVIEWERS,
}


def may(user: Reader, deed: str, declaration: Declaration) -> bool:
    """Whether the user may do the deed on this declaration; an unknown deed is a KeyError."""
    bond = declaration.relationship
    if deed in SUPPLIER_DEEDS:
        return has_role(user, bond.supplier_id, SUPPLIER_DEEDS[deed])
    in_scope = bought_relationships(user).filter(pk=bond.pk).exists()
    return in_scope and has_role(user, bond.buyer_id, BUYER_DEEDS[deed])


def may_in(user: Reader, deed: str, buyer: Organisation) -> bool:
    """Whether the user may do the deed for all declarations of a buyer; nobody narrowed to a part of it may."""
    return sees_everything(user, buyer.pk, COMPANY_DEEDS[deed])
