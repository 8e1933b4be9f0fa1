"""Deeds of this room, split by subject; `from suppliers.organisations import services` gives them all."""

from suppliers.organisations.services.invitations import (
    accept_invitation,
    hand_on_invitation,
    invitation_mail,
    invite_member,
    join_by_invitation,
    resend_invitation,
    revoke_invitation,
)
from suppliers.organisations.services.members import (
    add_member,
    change_role,
    change_scopes,
    demand_second_factor,
    remove_member,
)

__all__ = [
    "accept_invitation",
    "add_member",
    "change_role",
    "change_scopes",
    "demand_second_factor",
    "hand_on_invitation",
    "invitation_mail",
    "invite_member",
    "join_by_invitation",
    "remove_member",
    "resend_invitation",
    "revoke_invitation",
]
