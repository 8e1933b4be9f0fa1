"""Reads of audits: who sees which."""

import json
from functools import lru_cache

from django.db.models import Q, QuerySet

from assessments.audits.document import Programme, build_programme
from assessments.audits.models import Audit, AuditAssignment, ProgrammeVersion
from suppliers.organisations.enums import FIRM_ROLES, SUPPLIER_ROLES, Role
from suppliers.organisations.queries import Reader, bought_relationships, organisations_where


def visible_audits(user: Reader) -> QuerySet[Audit]:
    """Return audits at own sites, at sites the user buys from, of firms the user manages, and assigned ones.

    An auditor sees only audits assigned to them while they belong to the firm; a declared conflict of interest ends it.
    """
    assigned = AuditAssignment.objects.filter(user_id=user.pk or 0).exclude(has_conflict=True)
    return Audit.objects.filter(
        Q(relationship_id__in=bought_relationships(user).values("pk"))
        | Q(site__organisation_id__in=organisations_where(user, SUPPLIER_ROLES))
        | Q(firm_id__in=organisations_where(user, frozenset({Role.FIRM_MANAGER})))
        | Q(pk__in=assigned.values("audit_id"), firm_id__in=organisations_where(user, FIRM_ROLES))
    )


def programme_of(version: ProgrammeVersion) -> Programme:
    """Return the frozen document of a programme version; built once per content."""
    return _build(version.sha256, version.document)


@lru_cache(maxsize=64)
def _build(_sha256: str, document: str) -> Programme:
    return build_programme(json.loads(document))
