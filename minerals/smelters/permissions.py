"""Who may do what in a company's registry of smelters."""

from suppliers.organisations.enums import BUYER_ROLES, Role
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import Reader, has_role, sees_everything

KEEPERS = frozenset({Role.BUYER_ADMINISTRATOR, Role.BUYER_PROCUREMENT})
DEEDS: dict[str, frozenset[Role]] = {"read": BUYER_ROLES, "log_outreach": KEEPERS}
# What changes figures of every supplier: nobody narrowed to regions or business units may do it.
WHOLE_DEEDS: dict[str, frozenset[Role]] = {"import_list": KEEPERS, "decide_names": KEEPERS}


def may(user: Reader, deed: str, owner: Organisation) -> bool:
    """Whether the user may do the deed in the registry of a company; an unknown deed is a KeyError."""
    if deed in WHOLE_DEEDS:
        return sees_everything(user, owner.pk, WHOLE_DEEDS[deed])
    return has_role(user, owner.pk, DEEDS[deed])
