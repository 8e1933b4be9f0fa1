"""Who may do what with a finding and its corrective action: three sides, one table for each."""

from django.db.models import Q

from assessments.findings.enums import ActionManager
from assessments.findings.models import Finding
from suppliers.organisations.enums import BUYER_ROLES, Role
from suppliers.organisations.models import Membership, Relationship
from suppliers.organisations.queries import Reader, Workspace, bought_relationships, has_role

FOLLOWERS = frozenset({Role.BUYER_ADMINISTRATOR, Role.BUYER_PROCUREMENT})
MENDERS = frozenset({Role.SUPPLIER_MANAGER, Role.SUPPLIER_EDITOR})
LEADERS = frozenset({Role.SUPPLIER_MANAGER})

BUYER_DEEDS: dict[str, frozenset[Role]] = {
    "close": FOLLOWERS,
    "reopen": FOLLOWERS,
    "confirm": FOLLOWERS,
    "dismiss": FOLLOWERS,
    "merge": FOLLOWERS,
    "make_collaborative": FOLLOWERS,
    "read_as_buyer": BUYER_ROLES,
}
SITE_DEEDS: dict[str, frozenset[Role]] = {
    "plan": MENDERS,
    "submit_plan": LEADERS,
    "dispute": LEADERS,
    "start": MENDERS,
    "finish": MENDERS,
    "ask_extension": LEADERS,
}
# Whoever manages the action: the site's managers, the buyer, or the audit firm's people on it.
MANAGER_DEEDS = frozenset({"decide_plan", "decide_extension", "verify", "send_back"})
SHARED_DEEDS = frozenset({"comment", "add_file"})


def may(user: Reader, deed: str, finding: Finding) -> bool:
    """Whether the user may do the deed on this finding; an unknown deed is a KeyError.

    Reads finding.site and finding.relationship; select them.
    """
    if deed in MANAGER_DEEDS:
        return manages(user, finding)
    if deed == "decide_dispute":
        return judges(user, finding)
    if deed in SHARED_DEEDS:
        return follows(user, finding, FOLLOWERS) or mends(user, finding, MENDERS) or inspects(user, finding)
    if deed in SITE_DEEDS:
        return mends(user, finding, SITE_DEEDS[deed])
    return follows(user, finding, BUYER_DEEDS[deed])


def may_enter(workspace: Workspace | None) -> bool:
    """Whether a workspace has the page on which a finding is entered by hand."""
    return workspace is not None and bool(workspace.roles & FOLLOWERS)


def may_raise(user: Reader, relationship: Relationship) -> bool:
    """Whether the user may enter a finding by hand for a supplier."""
    in_scope = bought_relationships(user).filter(pk=relationship.pk).exists()
    return in_scope and has_role(user, relationship.buyer_id, FOLLOWERS)


def manages(user: Reader, finding: Finding) -> bool:
    """Whether the user is of the side that accepts plans and verifies; the buyer where the firm has nobody left."""
    if finding.manager == ActionManager.FIRM and has_inspectors(finding):
        return inspects(user, finding)
    if finding.manager == ActionManager.SITE:
        return mends(user, finding, LEADERS)
    return follows(user, finding, FOLLOWERS)


def judges(user: Reader, finding: Finding) -> bool:
    """Whether the user decides disputes: of the side that manages the action, but no site judges its own."""
    if finding.manager == ActionManager.SITE:
        return follows(user, finding, FOLLOWERS)
    return manages(user, finding)


def follows(user: Reader, finding: Finding, roles: frozenset[Role]) -> bool:
    """Whether the user buys from the site in one of the roles, within the membership's scopes."""
    in_scope = bought_relationships(user).filter(pk=finding.relationship_id).exists()
    return in_scope and has_role(user, finding.relationship.buyer_id, roles)


def mends(user: Reader, finding: Finding, roles: frozenset[Role]) -> bool:
    """Whether the user has one of the roles at the site."""
    return has_role(user, finding.site.organisation_id, roles)


def has_inspectors(finding: Finding) -> bool:
    """Whether anybody of the audit firm can still decide: a manager of it, or an auditor on the finding."""
    if finding.firm_id is None:
        return False
    on_it = Q(role=Role.AUDITOR, user__in=finding.inspectors.values("user_id"))
    people = Membership.objects.filter(organisation_id=finding.firm_id, user__is_active=True)
    return people.filter(Q(role=Role.FIRM_MANAGER) | on_it).exists()


def inspects(user: Reader, finding: Finding) -> bool:
    """Whether the user is an auditor on it, or leads the audit firm."""
    if finding.firm_id is None:
        return False
    if has_role(user, finding.firm_id, {Role.FIRM_MANAGER}):
        return True
    assigned = finding.inspectors.filter(user_id=user.pk or 0).exists()
    return assigned and has_role(user, finding.firm_id, {Role.AUDITOR})
