"""Who may do what in an organisation: one table, read by views, templates and the API."""

from suppliers.organisations.enums import Role
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import Reader, has_role

DEEDS: dict[str, frozenset[Role]] = {
    "invite_member": frozenset({Role.SUPPLIER_MANAGER, Role.BUYER_ADMINISTRATOR}),
    "remove_member": frozenset({Role.SUPPLIER_MANAGER, Role.BUYER_ADMINISTRATOR}),
    "change_organisation": frozenset({Role.SUPPLIER_MANAGER, Role.BUYER_ADMINISTRATOR}),
    "change_site": frozenset({Role.SUPPLIER_MANAGER, Role.BUYER_ADMINISTRATOR}),
    "import_suppliers": frozenset({Role.BUYER_ADMINISTRATOR, Role.BUYER_PROCUREMENT}),
    "end_relationship": frozenset({Role.BUYER_ADMINISTRATOR, Role.BUYER_PROCUREMENT}),
    "export_suppliers": frozenset({Role.BUYER_ADMINISTRATOR, Role.BUYER_PROCUREMENT, Role.BUYER_READER}),
    "read_trail": frozenset({Role.BUYER_ADMINISTRATOR, Role.SUPPLIER_MANAGER}),
}


def may(user: Reader, deed: str, organisation: Organisation) -> bool:
    """Whether the user may do the deed in the organisation; an unknown deed is a KeyError."""
    return has_role(user, organisation.pk, DEEDS[deed])
