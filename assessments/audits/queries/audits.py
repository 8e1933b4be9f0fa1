"""Reads of audits: who sees which."""

import json
from functools import lru_cache

from django.db.models import Q, QuerySet

from assessments.audits.document import Programme, build_programme
from assessments.audits.enums import RELEASED_STATES
from assessments.audits.models import Audit, AuditAssignment, ProgrammeVersion
from suppliers.organisations.enums import FIRM_ROLES, SUPPLIER_ROLES, Role
from suppliers.organisations.queries import Reader, bought_relationships, organisations_where


def visible_audits(user: Reader) -> QuerySet[Audit]:
    """Return audits at own sites, at sites the user buys from, of firms the user manages, and assigned ones.

    An auditor sees only audits assigned to them while they belong to the firm; a declared conflict of interest ends it.
    """
    return Audit.objects.filter(
        Q(relationship_id__in=bought_relationships(user).values("pk"))
        | Q(site__organisation_id__in=organisations_where(user, SUPPLIER_ROLES))
        | firm_clause(user)
    )


def firm_clause(user: Reader) -> Q:
    """The condition of an audit of a firm the user manages, or that the user is assigned to without a conflict."""
    assigned = AuditAssignment.objects.filter(user_id=user.pk or 0).exclude(has_conflict=True)
    return Q(firm_id__in=organisations_where(user, frozenset({Role.FIRM_MANAGER}))) | Q(
        pk__in=assigned.values("audit_id"), firm_id__in=organisations_where(user, FIRM_ROLES)
    )


def readable_clause(user: Reader) -> Q:
    """The condition of a visible audit whose conclusions and figures the user may read.

    It says the same as permissions.may(user, "read_conclusions", audit), for lists.
    """
    own_site = Q(site__organisation_id__in=organisations_where(user, SUPPLIER_ROLES))
    return firm_clause(user) | Q(state__in=RELEASED_STATES) | (own_site & Q(presented_at__isnull=False))


def programme_of(version: ProgrammeVersion) -> Programme:
    """Return the frozen document of a programme version; built once per content."""
    return _build(version.sha256, version.document)


@lru_cache(maxsize=64)
def _build(_sha256: str, document: str) -> Programme:
    return build_programme(json.loads(document))
