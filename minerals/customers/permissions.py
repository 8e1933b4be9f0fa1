"""Who may do what with customers' requests. An answer speaks for the whole company, so nobody narrowed may give it."""

from suppliers.organisations.enums import BUYER_ROLES, Role
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import Reader, has_role, sees_everything

ANSWERERS = frozenset({Role.BUYER_ADMINISTRATOR, Role.BUYER_PROCUREMENT})

READING: dict[str, frozenset[Role]] = {"read": BUYER_ROLES}
WHOLE_DEEDS: dict[str, frozenset[Role]] = {
    "enter": ANSWERERS,
    "answer": ANSWERERS,
    "keep_blanks": ANSWERERS,
}


def may_in(user: Reader, deed: str, owner: Organisation) -> bool:
    """Whether the user may do the deed for a company; an unknown deed is a KeyError."""
    if deed in WHOLE_DEEDS:
        return sees_everything(user, owner.pk, WHOLE_DEEDS[deed])
    return has_role(user, owner.pk, READING[deed])
