"""Deeds of this room, split by subject; `from suppliers.organisations import services` gives them all."""

from suppliers.organisations.services.exports import run_export, run_trail_export, start_export, start_trail_export
from suppliers.organisations.services.imports import KEPT_PROBLEMS, run_import, start_import
from suppliers.organisations.services.invitations import (
    accept_invitation,
    hand_on_invitation,
    invitation_mail,
    invite_member,
    join_by_invitation,
    refuse_flood,
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
from suppliers.organisations.services.organisations import (
    change_organisation,
    change_site,
    close_site,
    create_organisation,
    create_site,
    end_relationship,
    reopen_site,
    start_relationship,
)

__all__ = [
    "KEPT_PROBLEMS",
    "accept_invitation",
    "add_member",
    "change_organisation",
    "change_role",
    "change_scopes",
    "change_site",
    "close_site",
    "create_organisation",
    "create_site",
    "demand_second_factor",
    "end_relationship",
    "hand_on_invitation",
    "invitation_mail",
    "invite_member",
    "join_by_invitation",
    "refuse_flood",
    "remove_member",
    "reopen_site",
    "resend_invitation",
    "revoke_invitation",
    "run_export",
    "run_import",
    "run_trail_export",
    "start_export",
    "start_import",
    "start_relationship",
    "start_trail_export",
]
