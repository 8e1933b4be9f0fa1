"""Reads of findings: who sees which."""

from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from assessments.findings.enums import Severity
from assessments.findings.models import Finding
from suppliers.organisations.enums import SUPPLIER_ROLES
from suppliers.organisations.queries import (
    Reader,
    Workspace,
    bought_relationships,
    organisations_where,
)


def visible_findings(user: Reader) -> QuerySet[Finding]:
    """Return findings at the user's own sites and at sites of suppliers the user buys from."""
    return Finding.objects.filter(
        Q(relationship_id__in=bought_relationships(user).values("pk"))
        | Q(site__organisation_id__in=organisations_where(user, SUPPLIER_ROLES))
    )



SEVERITY_RANK = Case(
    *(When(severity=value, then=Value(rank)) for rank, value in enumerate(Severity.values)),
    output_field=IntegerField(),
)


def listed_findings(user: Reader, workspace: Workspace | None) -> QuerySet[Finding]:
    """Return the findings a workspace lists: those its buyer follows, or those at its own sites."""
    rows = visible_findings(user)
    if workspace is None:
        return rows.none()
    here = workspace.organisation
    mine = Q(site__organisation=here)
    if workspace.is_buyer:
        mine = Q(relationship__buyer=here)
    return (
        rows.filter(mine)
        .select_related("site__organisation", "relationship")
        .annotate(severity_rank=SEVERITY_RANK)
    )


def facet_values(rows: QuerySet[Finding]) -> dict[str, list[Any]]:
    """Return what the filters may offer, in one query over the rows as they are grouped."""
    paths = {
        "provision": "provision",
        "country": "site__country",
        "unit": "relationship__business_unit",
        "region": "relationship__region",
        "category": "relationship__category",
        "tier": "relationship__tier",
    }
    combinations = rows.order_by().values_list(*paths.values()).distinct()
    columns = zip(*combinations, strict=True) if combinations else [()] * len(paths)
    return {name: sorted({v for v in column if v not in ("", None)}, key=natural) for name, column in zip(paths, columns, strict=True)}


def natural(value: object) -> tuple[str, int]:
    """Return a key that sorts A2 before A10."""
    text = str(value)
    head = text.rstrip("0123456789")
    tail = text[len(head) :]
    return head, int(tail) if tail else 0
