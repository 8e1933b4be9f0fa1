"""Who may do what with an audit: the buyer, the site, the audit firm's managers and the auditors on it."""

from assessments.audits.enums import RELEASED_STATES, Asker
from assessments.audits.models import Audit
from suppliers.organisations.enums import BUYER_ROLES, FIRM_ROLES, SUPPLIER_ROLES, Role
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import Reader, bought_relationships, has_role

FOLLOWERS = frozenset({Role.BUYER_ADMINISTRATOR, Role.BUYER_PROCUREMENT})
LEADERS = frozenset({Role.SUPPLIER_MANAGER})

BUYER_DEEDS: dict[str, frozenset[Role]] = {
    "read_as_buyer": BUYER_ROLES,
    "cancel": FOLLOWERS,
    "ask_again": FOLLOWERS,
    "schedule": FOLLOWERS,
    "choose_firm": FOLLOWERS,
    "plan_closure": FOLLOWERS,
}
SITE_DEEDS: dict[str, frozenset[Role]] = {
    "read_as_site": SUPPLIER_ROLES,
    "acknowledge": LEADERS,
    "give_feedback": LEADERS,
}
# The firm's managers; the auditors of the audit have those of AUDITOR_DEEDS as well.
FIRM_DEEDS = frozenset({"assign", "check_quality", "schedule_as_firm"})
AUDITOR_DEEDS = frozenset({"write", "start", "hand_over", "answer_feedback", "read_as_firm"})
# What a buyer does for all its audits.
ORGANISATION_DEEDS: dict[str, frozenset[Role]] = {
    "request_audit": FOLLOWERS,
    "manage_firms": frozenset({Role.BUYER_ADMINISTRATOR}),
    "manage_programmes": frozenset({Role.BUYER_ADMINISTRATOR}),
    "manage_schedules": FOLLOWERS,
    "read_reports": BUYER_ROLES,
}


def may(user: Reader, deed: str, audit: Audit) -> bool:
    """Whether the user may do the deed on this audit; an unknown deed is a KeyError.

    Reads audit.site and audit.relationship; select them. Says nothing of the state: that is the lifecycle's.
    """
    if deed == "answer":
        return may_answer(user, audit)
    if deed == "read_conclusions":
        return may_read_conclusions(user, audit)
    if deed in AUDITOR_DEEDS:
        return is_auditor(user, audit) or leads_firm(user, audit)
    if deed in FIRM_DEEDS:
        return leads_firm(user, audit)
    if deed in SITE_DEEDS:
        return has_role(user, audit.site.organisation_id, SITE_DEEDS[deed])
    return follows(user, audit, BUYER_DEEDS[deed])


def may_in(user: Reader, deed: str, organisation: Organisation) -> bool:
    """Whether the user may do the deed for all audits of a buyer; an unknown deed is a KeyError."""
    return has_role(user, organisation.pk, ORGANISATION_DEEDS[deed])


def may_answer(user: Reader, audit: Audit) -> bool:
    """Whether the user may accept or decline: the side that did not ask."""
    if audit.asked_by == Asker.SITE:
        return follows(user, audit, FOLLOWERS)
    return has_role(user, audit.site.organisation_id, LEADERS)


def may_read_conclusions(user: Reader, audit: Audit) -> bool:
    """Whether the user may read what was concluded.

    The firm's people always, the site once it was presented to it, the buyer once the report is released.
    """
    if is_auditor(user, audit) or leads_firm(user, audit):
        return True
    if audit.state in RELEASED_STATES:
        return has_role(user, audit.site.organisation_id, SUPPLIER_ROLES) or follows(user, audit, BUYER_ROLES)
    return audit.presented_at is not None and has_role(user, audit.site.organisation_id, SUPPLIER_ROLES)


def follows(user: Reader, audit: Audit, roles: frozenset[Role]) -> bool:
    """Whether the user buys from the site in one of the roles, within the membership's scopes."""
    in_scope = bought_relationships(user).filter(pk=audit.relationship_id).exists()
    return in_scope and has_role(user, audit.relationship.buyer_id, roles)


def is_auditor(user: Reader, audit: Audit) -> bool:
    """Whether the user is one of the auditors on it, still of the firm, and without a declared conflict."""
    mine = audit.assignments.filter(user_id=user.pk or 0).exclude(has_conflict=True)
    return audit.firm_id is not None and mine.exists() and has_role(user, audit.firm_id, FIRM_ROLES)


def leads_firm(user: Reader, audit: Audit) -> bool:
    """Whether the user manages the audit firm."""
    return audit.firm_id is not None and has_role(user, audit.firm_id, {Role.FIRM_MANAGER})
