"""Who may do what with a response: one table, read by views, templates and the API."""

from assessments.responses.enums import EDITORS
from assessments.responses.models import Response
from suppliers.organisations.enums import BUYER_ROLES, SUPPLIER_ROLES, Role
from suppliers.organisations.queries import Reader, bought_relationships, has_role

REVIEWERS = frozenset({Role.BUYER_ADMINISTRATOR, Role.BUYER_PROCUREMENT})

SUPPLIER_DEEDS: dict[str, frozenset[Role]] = {
    "read_answers": SUPPLIER_ROLES,
    "answer": EDITORS,
    "assign_section": EDITORS,
    "submit": frozenset({Role.SUPPLIER_MANAGER}),
    "withdraw": frozenset({Role.SUPPLIER_MANAGER}),
    "decline": frozenset({Role.SUPPLIER_MANAGER}),
}
BUYER_DEEDS: dict[str, frozenset[Role]] = {
    "read_submission": BUYER_ROLES,
    "review": REVIEWERS,
    "reopen": REVIEWERS,
}


def may(user: Reader, deed: str, response: Response) -> bool:
    """Whether the user may do the deed on this response; an unknown deed is a KeyError."""
    if deed in SUPPLIER_DEEDS:
        return has_role(user, response.site.organisation_id, SUPPLIER_DEEDS[deed])
    roles = BUYER_DEEDS[deed]
    in_scope = bought_relationships(user).filter(pk=response.relationship_id).exists()
    return in_scope and has_role(user, response.relationship.buyer_id, roles)
