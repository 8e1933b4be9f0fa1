"""Who may do what with a company's lists of risky areas."""

from suppliers.organisations.enums import BUYER_ROLES, Role
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import Reader, has_role, sees_everything

KEEPERS = frozenset({Role.BUYER_ADMINISTRATOR, Role.BUYER_PROCUREMENT})
DEEDS: dict[str, frozenset[Role]] = {"read": BUYER_ROLES}
# A list changes the red flags of every supplier: nobody narrowed to regions or business units adds or withdraws one.
WHOLE_DEEDS: dict[str, frozenset[Role]] = {"add_list": KEEPERS, "withdraw_list": KEEPERS}


def may(user: Reader, deed: str, owner: Organisation) -> bool:
    """Whether the user may do the deed with the lists of a company; an unknown deed is a KeyError."""
    if deed in WHOLE_DEEDS:
        return sees_everything(user, owner.pk, WHOLE_DEEDS[deed])
    return has_role(user, owner.pk, DEEDS[deed])
