"""What a buyer follows up: findings that are not settled, actions that are late, plans and audits that wait for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from assessments.audits.enums import Asker, AuditState, AuditStatus
from assessments.audits.models import Audit
from assessments.audits.queries.status import site_statuses
from assessments.findings.enums import ActionManager, PlanState, Severity
from assessments.findings.models import SEVERITY_RANK, UNSETTLED, Finding
from assessments.findings.queries import workspace_rows
from assessments.overview.queries.on_time import share_on_time
from assessments.overview.queries.site_status import Scope, part_clause, scope_of
from assessments.overview.queries.slices import FINDING_PATHS
from suppliers.organisations.models import Site
from suppliers.organisations.queries import Reader, Workspace

# The same names for audits as for findings.
AUDIT_PATHS = FINDING_PATHS
LATE_SHOWN, PLANS_SHOWN, AUDITS_SHOWN = 3, 2, 2


@dataclass(frozen=True)
class FindingFigures:
    """Unsettled findings, and those of them whose next date has passed."""

    total: int
    sites: int
    priority: int
    major: int
    minor: int
    overdue: int
    overdue_priority: int
    overdue_major: int
    overdue_minor: int


@dataclass(frozen=True)
class AuditFigures:
    """Sites by audit status, audits that are going on, and sites that expire with no audit planned."""

    valid: int
    expiring: int
    expired: int
    planned: int
    going: int
    expiring_unplanned: int

    @property
    def current(self) -> int:
        """Sites with a valid audit, those that expire soon included."""
        return self.valid + self.expiring


def kept_findings(user: Reader, workspace: Workspace, kept: Mapping[str, str]) -> QuerySet[Finding]:
    """Return the buyer's findings within the filters of the dashboard."""
    return workspace_rows(user, workspace).filter(**{FINDING_PATHS[name]: value for name, value in kept.items()})


def count_findings(findings: QuerySet[Finding]) -> FindingFigures:
    """Return the figures of unsettled findings; one query."""
    late = Q(next_due_on__lt=timezone.localdate())
    counts: dict[str, Any] = {severity: Count("pk", filter=Q(severity=severity)) for severity in Severity.values}
    counts |= {f"overdue_{s}": Count("pk", filter=late & Q(severity=s)) for s in Severity.values}
    rows = findings.filter(UNSETTLED).order_by()
    return FindingFigures(
        **rows.aggregate(
            total=Count("pk"), sites=Count("site", distinct=True), overdue=Count("pk", filter=late), **counts
        )
    )


def count_audits(scope: Scope, kept: Mapping[str, str]) -> AuditFigures:
    """Return the figures of audits within the filters of the dashboard; one query."""
    rows = scope.audits.filter(**{AUDIT_PATHS[name]: value for name, value in kept.items()})
    known = (AuditStatus.VALID, AuditStatus.EXPIRING, AuditStatus.EXPIRED, AuditStatus.PLANNED)
    counts: dict[str, Any] = {status.value: Count("site_id", filter=Q(status=status)) for status in known}
    unplanned = Count("site_id", filter=Q(status=AuditStatus.EXPIRING, going=0))
    found = site_statuses(rows).aggregate(**counts, under_way=Sum("going"), expiring_unplanned=unplanned)
    return AuditFigures(going=found.pop("under_way") or 0, **found)


def late_findings(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Return the unsettled findings whose next date has passed, the worst first, then the longest late."""
    rows = findings.filter(UNSETTLED, next_due_on__lt=timezone.localdate()).select_related("site__organisation")
    return rows.order_by(SEVERITY_RANK, "next_due_on", "pk")


def waiting_plans(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Return the findings whose plan waits for the buyer, the first due first."""
    rows = findings.filter(UNSETTLED, manager=ActionManager.BUYER, action__state=PlanState.SUBMITTED)
    return rows.select_related("site__organisation").order_by(F("approval_due_on").asc(nulls_last=True), "pk")


def waiting_audits(audits: QuerySet[Audit], kept: Mapping[str, str]) -> QuerySet[Audit]:
    """Return the audits that a site asked for and the buyer has not answered, the oldest first."""
    rows = audits.filter(state=AuditState.REQUESTED, asked_by=Asker.SITE)
    rows = rows.filter(**{AUDIT_PATHS[name]: value for name, value in kept.items()})
    return rows.select_related("site__organisation").order_by("asked_at", "pk")


@dataclass(frozen=True)
class FollowUp:
    """Everything the dashboard says of findings, actions and audits."""

    findings: FindingFigures
    audits: AuditFigures
    sites: int
    on_time: int
    judged: int
    late: Sequence[Finding]
    plans: Sequence[Finding]
    asked: Sequence[Audit]

    @property
    def share(self) -> float | None:
        """Share of actions done on time in percent."""
        return 100 * self.on_time / self.judged if self.judged else None

    @property
    def never(self) -> int:
        """Sites that were never audited and have no audit planned."""
        return self.sites - self.audits.current - self.audits.expired - self.audits.planned

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to follow up: no finding, no audit."""
        return not (self.findings.total or self.judged or self.audits.going or self.sites - self.never)


def follow_up(user: Reader, workspace: Workspace, kept: Mapping[str, str]) -> FollowUp:
    """Return what a buyer follows up within the filters of the dashboard; eight queries."""
    findings = kept_findings(user, workspace, kept)
    scope = scope_of(user, workspace.organisation)
    return FollowUp(
        findings=count_findings(findings),
        audits=count_audits(scope, kept),
        sites=kept_sites(scope, kept).count(),
        late=list(late_findings(findings)[:LATE_SHOWN]),
        plans=list(waiting_plans(findings)[:PLANS_SHOWN]),
        asked=list(waiting_audits(scope.audits, kept)[:AUDITS_SHOWN]),
        **share_on_time(findings),
    )


def kept_sites(scope: Scope, kept: Mapping[str, str]) -> QuerySet[Site]:
    """Return the sites within the filters of the dashboard."""
    return scope.sites.filter(*(part_clause(scope, name, value) for name, value in kept.items()))
