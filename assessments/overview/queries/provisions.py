"""Suppliers by provision: how many have a finding on it, and who they are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.findings.enums import CloseReason, Severity
from assessments.findings.models import SEVERITY_RANK, UNSETTLED, Finding
from assessments.findings.queries import natural
from assessments.findings.queries.plans import CONFIRMED
from assessments.overview.queries.slices import finding_facets, severity_facet
from portal.lib.listing import Facet
from suppliers.organisations.models import Relationship
from suppliers.organisations.queries import Reader, Workspace

# Closed because there was nothing, or because another finding says the same.
TAKEN_BACK = Q(close_reason__in=[CloseReason.NOT_CONFIRMED, CloseReason.MERGED])
WHICH = [("open", gettext_lazy("Not settled")), ("confirmed", gettext_lazy("Confirmed, settled ones too"))]
FIXED = {"which": "open"}


@dataclass(frozen=True)
class ProvisionLine:
    """How many suppliers have a finding on a provision, by the worst severity of each."""

    code_of_conduct: str
    provision: str
    suppliers: int
    priority: int
    major: int
    minor: int


@dataclass(frozen=True)
class SupplierLine:
    """One supplier and the findings that make it count, worst first; `more` of them are not shown."""

    relationship: Relationship
    findings: Sequence[Finding]
    more: int


def which_clause(value: str) -> Q:
    """Return the condition of the findings that count: those not settled, or all that were confirmed."""
    return CONFIRMED & ~TAKEN_BACK if value == "confirmed" else UNSETTLED


def provision_facets(user: Reader, workspace: Workspace) -> list[Facet]:
    """Return the filters of the report; one query."""
    which = Facet("which", _("Findings"), WHICH, which_clause)
    return [which, severity_facet(), *finding_facets(user, workspace)]


def count_provisions(findings: QuerySet[Finding]) -> list[ProvisionLine]:
    """Return suppliers by provision, most first: each counted once, under its worst severity; one query."""
    worse = {severity: Severity.values[: rank + 1] for rank, severity in enumerate(Severity.values)}
    counts = {s: Count("relationship", distinct=True, filter=Q(severity__in=those)) for s, those in worse.items()}
    rows = findings.order_by().values_list("code_of_conduct", "provision").annotate(**counts)
    found = [
        ProvisionLine(code, provision, suppliers, priority, major - priority, suppliers - major)
        for code, provision, priority, major, suppliers in rows
    ]
    return sorted(found, key=lambda line: (-line.suppliers, natural(line.provision), line.code_of_conduct))


def suppliers_with(findings: QuerySet[Finding]) -> QuerySet[Relationship]:
    """Return the relationships that have one of the findings, the worst severity first, then by name."""
    plain = findings.order_by()

    def with_severity(severity: str) -> Q:
        return Q(pk__in=plain.filter(severity=severity).values("relationship_id"))

    worst = Case(
        When(with_severity(Severity.PRIORITY), then=Value(0)),
        When(with_severity(Severity.MAJOR), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = Relationship.objects.filter(pk__in=plain.values("relationship_id")).select_related("supplier")
    return rows.annotate(worst=worst).order_by("worst", "supplier__name", "pk")


def supplier_lines(
    page: Iterable[Relationship], findings: QuerySet[Finding], *, shown: int | None = 4
) -> list[SupplierLine]:
    """Return the relationships with the findings that make them count; one query for all of them."""
    bonds = list(page)
    by_bond: Mapping[int, list[Finding]] = defaultdict(list)
    rows = findings.filter(relationship__in=bonds).select_related("site").defer("text", "advice", "law")
    for finding in rows.order_by(SEVERITY_RANK, "-opened_at", "-pk"):
        by_bond[finding.relationship_id].append(finding)
    return [
        SupplierLine(bond, by_bond[bond.pk][:shown], max(0, len(by_bond[bond.pk]) - (shown or len(by_bond[bond.pk]))))
        for bond in bonds
    ]
