"""Who may do what with a finding."""

from assessments.findings.models import Finding
from suppliers.organisations.enums import Role
from suppliers.organisations.queries import Reader, bought_relationships, has_role

DEEDS: dict[str, frozenset[Role]] = {
    "close": frozenset({Role.BUYER_ADMINISTRATOR, Role.BUYER_PROCUREMENT}),
    "reopen": frozenset({Role.BUYER_ADMINISTRATOR, Role.BUYER_PROCUREMENT}),
}


def may(user: Reader, deed: str, finding: Finding) -> bool:
    """Whether the user may do the deed on this finding; an unknown deed is a KeyError."""
    in_scope = bought_relationships(user).filter(pk=finding.relationship_id).exists()
    return in_scope and has_role(user, finding.relationship.buyer_id, DEEDS[deed])
