"""Reads of audits: who sees which."""

import json
from collections.abc import Iterable
from functools import lru_cache

from django.db.models import Q, QuerySet

from assessments.audits.document import Programme, shape_programme
from assessments.audits.enums import RELEASED_STATES, AuditState
from assessments.audits.models import Audit, AuditAssignment, AuditChange, ProgrammeVersion
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


def unsigned_reason(changes: Iterable[AuditChange]) -> str:
    """Return why the firm's people went on without the site's signature; "" where the site signed or may yet sign."""
    return next((change.reason for change in changes if change.target == AuditState.ACKNOWLEDGED), "")


def programme_of(version: ProgrammeVersion) -> Programme:
    """Return the frozen document of a programme version; built once per content.

    Its faults were looked for when it was saved. A rule that came later must not shut the audits held under it.
    """
    return _build(version.sha256, version.document)


@lru_cache(maxsize=64)
def _build(_sha256: str, document: str) -> Programme:
    return shape_programme(json.loads(document))
