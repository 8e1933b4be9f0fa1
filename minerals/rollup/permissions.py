"""Who may do what with a company's roll-up. Its figures rest on all suppliers: nobody narrowed to a part reads them."""

from suppliers.organisations.enums import BUYER_ROLES, Role
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import Reader, has_role, sees_everything

KEEPERS = frozenset({Role.BUYER_ADMINISTRATOR, Role.BUYER_PROCUREMENT})
DEEDS: dict[str, frozenset[Role]] = {"read_overview": BUYER_ROLES}
WHOLE_DEEDS: dict[str, frozenset[Role]] = {
    "read": BUYER_ROLES,
    "edit_groups": KEEPERS,
    "map_scopes": KEEPERS,
    "edit_profile": KEEPERS,
}


def may(user: Reader, deed: str, owner: Organisation) -> bool:
    """Whether the user may do the deed for a company; an unknown deed is a KeyError."""
    if deed in WHOLE_DEEDS:
        return sees_everything(user, owner.pk, WHOLE_DEEDS[deed])
    return has_role(user, owner.pk, DEEDS[deed])
