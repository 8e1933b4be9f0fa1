"""Who may do what with an audit: the buyer, the site, the audit firm's managers and the auditors on it."""

from collections.abc import Callable

from assessments.audits.enums import RELEASED_STATES, Asker
from assessments.audits.models import Audit
from suppliers.organisations.enums import BUYER_ROLES, FIRM_ROLES, SUPPLIER_ROLES, Role
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import Reader, bought_relationships, has_role, sees_everything

FOLLOWERS = frozenset({Role.BUYER_ADMINISTRATOR, Role.BUYER_PROCUREMENT})
LEADERS = frozenset({Role.SUPPLIER_MANAGER})

BUYER_DEEDS: dict[str, frozenset[Role]] = {
    "read_as_buyer": BUYER_ROLES,
    "schedule": FOLLOWERS,
    "choose_firm": FOLLOWERS,
    "plan_closure": FOLLOWERS,
}
SITE_DEEDS: dict[str, frozenset[Role]] = {
    "read_as_site": SUPPLIER_ROLES,
    "acknowledge": LEADERS,
    "give_feedback": LEADERS,
}
# The firm's managers lead; the auditors on the audit read, and once they have declared no conflict they write.
LEADING_DEEDS = frozenset({"assign", "schedule_as_firm"})
WRITING_DEEDS = frozenset({"write", "start", "hand_over", "answer_feedback"})
CHECKING_DEEDS = frozenset({"check_quality"})
READING_DEEDS = frozenset({"read_as_firm"})
# What a buyer does for all its audits.
ORGANISATION_DEEDS: dict[str, frozenset[Role]] = {
    "request_audit": FOLLOWERS,
    "manage_firms": frozenset({Role.BUYER_ADMINISTRATOR}),
    "manage_programmes": frozenset({Role.BUYER_ADMINISTRATOR}),
    "manage_schedules": FOLLOWERS,
    "read_reports": BUYER_ROLES,
}
# What reaches every site: nobody whose membership is narrowed to regions or business units may do it.
WHOLE_DEEDS = frozenset({"manage_firms", "manage_programmes", "manage_schedules"})


def may(user: Reader, deed: str, audit: Audit) -> bool:
    """Whether the user may do the deed on this audit; an unknown deed is a KeyError.

    Reads audit.site and audit.relationship; select them. Says nothing of the state: that is the lifecycle's.
    """
    if deed in OWN_RULES:
        return OWN_RULES[deed](user, audit)
    if deed in LEADING_DEEDS:
        return leads_firm(user, audit)
    if deed in READING_DEEDS:
        return is_auditor(user, audit) or leads_firm(user, audit)
    if deed in WRITING_DEEDS | CHECKING_DEEDS:
        return may_work(user, audit, deed)
    if deed in SITE_DEEDS:
        return has_role(user, audit.site.organisation_id, SITE_DEEDS[deed])
    return follows(user, audit, BUYER_DEEDS[deed])


def may_work(user: Reader, audit: Audit, deed: str) -> bool:
    """Whether the user works on the report: nobody does who declared a conflict of interest, not even a manager."""
    if leads_firm(user, audit):
        return not audit.assignments.filter(user_id=user.pk or 0, has_conflict=True).exists()
    return deed in WRITING_DEEDS and is_auditor(user, audit, declared=True)


def may_in(user: Reader, deed: str, organisation: Organisation) -> bool:
    """Whether the user may do the deed for all audits of a buyer; an unknown deed is a KeyError."""
    if deed in WHOLE_DEEDS:
        return sees_everything(user, organisation.pk, ORGANISATION_DEEDS[deed])
    return has_role(user, organisation.pk, ORGANISATION_DEEDS[deed])


def may_answer(user: Reader, audit: Audit) -> bool:
    """Whether the user may accept or decline: the side that did not ask."""
    if audit.asked_by == Asker.SITE:
        return follows(user, audit, FOLLOWERS)
    return has_role(user, audit.site.organisation_id, LEADERS)


def may_ask_again(user: Reader, audit: Audit) -> bool:
    """Whether the user may ask once more after a no: the side that asked."""
    if audit.asked_by == Asker.SITE:
        return has_role(user, audit.site.organisation_id, LEADERS)
    return follows(user, audit, FOLLOWERS)


def may_cancel(user: Reader, audit: Audit) -> bool:
    """Whether the user may call it off: the buyer, and the site what it asked for itself."""
    return follows(user, audit, FOLLOWERS) or (audit.asked_by == Asker.SITE and may_ask_again(user, audit))


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


def is_auditor(user: Reader, audit: Audit, *, declared: bool = False) -> bool:
    """Whether the user is one of the auditors on it, still of the firm, and without a declared conflict.

    `declared`: has said so, too; without that nobody writes.
    """
    mine = audit.assignments.filter(user_id=user.pk or 0).exclude(has_conflict=True)
    if declared:
        mine = mine.filter(has_conflict=False)
    return audit.firm_id is not None and mine.exists() and has_role(user, audit.firm_id, FIRM_ROLES)


def leads_firm(user: Reader, audit: Audit) -> bool:
    """Whether the user manages the audit firm."""
    return audit.firm_id is not None and has_role(user, audit.firm_id, {Role.FIRM_MANAGER})


OWN_RULES: dict[str, Callable[[Reader, Audit], bool]] = {
    "answer": may_answer,
    "ask_again": may_ask_again,
    "cancel": may_cancel,
    "declare": is_auditor,
    "read_conclusions": may_read_conclusions,
}
