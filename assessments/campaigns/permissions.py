"""Who may do what with campaigns: one table, read by views, templates and the API."""

from suppliers.organisations.enums import BUYER_ROLES, Role
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import Reader, has_role

SENDERS = frozenset({Role.BUYER_ADMINISTRATOR, Role.BUYER_PROCUREMENT})

DEEDS: dict[str, frozenset[Role]] = {
    "read": BUYER_ROLES,
    "export": BUYER_ROLES,
    "create": SENDERS,
    "change": SENDERS,
    "send": SENDERS,
    "remind": SENDERS,
    "invite": SENDERS,
    "close": SENDERS,
}


def may(user: Reader, deed: str, buyer: Organisation) -> bool:
    """Whether the user may do the deed with the buyer's campaigns; an unknown deed is a KeyError.

    A campaign is its buyer's: pass `campaign.buyer`.
    """
    return has_role(user, buyer.pk, DEEDS[deed])
