"""Reads: whom a step of an audit concerns."""

from django.db.models import QuerySet

from assessments.audits.models import Audit, AuditAssignment
from assessments.audits.permissions import FOLLOWERS, LEADERS
from portal.accounts.models import User
from suppliers.organisations.enums import FIRM_ROLES, Role, ScopeKind
from suppliers.organisations.models import Membership, Organisation, Relationship


def members_in(organisation_id: int | None, roles: frozenset[Role]) -> QuerySet[Membership]:
    """Return memberships of active people in these roles, in a steady order."""
    found = Membership.objects.filter(organisation_id=organisation_id or 0, role__in=roles, user__is_active=True)
    return found.select_related("user").order_by("pk")


def site_leaders(audit: Audit) -> list[User]:
    """Return the managers of the audited site."""
    return [row.user for row in members_in(audit.site.organisation_id, LEADERS)]


def firm_leaders(audit: Audit) -> list[User]:
    """Return the managers of the audit firm; nobody while none is chosen."""
    return [row.user for row in members_in(audit.firm_id, frozenset({Role.FIRM_MANAGER}))]


def buyer_followers(audit: Audit) -> list[User]:
    """Return who follows the audit for the buyer: those whose scopes hold the relationship."""
    rows = members_in(audit.relationship.buyer_id, FOLLOWERS).prefetch_related("scopes")
    return [row.user for row in rows if holds(row, audit.relationship)]


def holds(membership: Membership, bond: Relationship) -> bool:
    """Whether a relationship lies within the scopes of a membership; read the scopes before."""
    regions = {scope.value for scope in membership.scopes.all() if scope.kind == ScopeKind.REGION}
    units = {scope.value for scope in membership.scopes.all() if scope.kind == ScopeKind.BUSINESS_UNIT}
    return (not regions or bond.region in regions) and (not units or bond.business_unit in units)


def working_auditors(audit: Audit) -> QuerySet[AuditAssignment]:
    """Return who goes: the auditors on it, still of the firm, without a declared conflict of interest; leads first."""
    at_firm = members_in(audit.firm_id, FIRM_ROLES).order_by().values("user_id")
    rows = audit.assignments.exclude(has_conflict=True).filter(user_id__in=at_firm)
    return rows.select_related("user").order_by("-is_lead", "pk")


def auditors_of(audit: Audit) -> list[User]:
    """Return the auditors who go."""
    return [row.user for row in working_auditors(audit)]


def askers_of(audit: Audit) -> list[User]:
    """Return who asked: the person, and where that was a schedule, the buyer's followers."""
    if audit.asker is not None and audit.asker.is_active:
        return [audit.asker]
    return buyer_followers(audit)


def firm_people(firm: Organisation) -> list[User]:
    """Return who of an audit firm can be put on an audit, by name."""
    found = {row.user.pk: row.user for row in members_in(firm.pk, FIRM_ROLES)}
    return sorted(found.values(), key=lambda user: (user.name.lower(), user.email))
