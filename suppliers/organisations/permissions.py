"""Who may do what in an organisation: one table, read by views, templates and the API."""

from suppliers.organisations.enums import Role
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import LEADING_ROLES, Reader, has_role, sees_everything

DEEDS: dict[str, frozenset[Role]] = {
    "invite_member": LEADING_ROLES,
    "remove_member": LEADING_ROLES,
    "change_organisation": LEADING_ROLES,
    "change_site": frozenset({Role.SUPPLIER_MANAGER, Role.BUYER_ADMINISTRATOR}),
    "import_suppliers": frozenset({Role.BUYER_ADMINISTRATOR, Role.BUYER_PROCUREMENT}),
    "end_relationship": frozenset({Role.BUYER_ADMINISTRATOR, Role.BUYER_PROCUREMENT}),
    "export_suppliers": frozenset({Role.BUYER_ADMINISTRATOR, Role.BUYER_PROCUREMENT, Role.BUYER_READER}),
    "read_trail": LEADING_ROLES,
    "use_tokens": frozenset(
        {Role.BUYER_ADMINISTRATOR, Role.BUYER_PROCUREMENT, Role.SUPPLIER_MANAGER, Role.FIRM_MANAGER, Role.AUDITOR}
    ),
}
# What reaches every supplier: nobody whose membership is narrowed to regions or business units may do it.
WHOLE_DEEDS = frozenset({"import_suppliers"})


def may(user: Reader, deed: str, organisation: Organisation) -> bool:
    """Whether the user may do the deed in the organisation; an unknown deed is a KeyError."""
    if deed in WHOLE_DEEDS:
        return sees_everything(user, organisation.pk, DEEDS[deed])
    return has_role(user, organisation.pk, DEEDS[deed])
