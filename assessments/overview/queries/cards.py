"""One supplier on one page."""

from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from django.db.models import Count, DateField, F, Min, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from assessments.audits.enums import AuditState
from assessments.audits.models import Audit
from assessments.audits.queries.status import SiteAudits, audits_of_sites
from assessments.findings.enums import UNSETTLED_STATES
from assessments.findings.models import SEVERITY_RANK, Finding
from assessments.findings.queries.plans import CONFIRMED, WAITING_STATES
from assessments.responses.enums import HANDED_IN_STATES, OPEN_STATES
from assessments.responses.models import Response
from assessments.scoring.models import Score
from assessments.scoring.queries import latest_submissions
from suppliers.organisations.models import Relationship, Site


@dataclass(frozen=True)
class SiteLine:
    """One site: its newest handed-in response, the one before, its open findings, how it stands with its audits."""

    site: Site
    newest: Response | None
    before: Response | None
    waiting: Response | None
    findings: dict[str, int]
    audits: SiteAudits

    @property
    def lowest_first(self) -> float:
        """A key that puts the lowest score first and sites without one last."""
        if self.newest is None or self.newest.score is None:
            return 101.0
        return float(self.newest.score)

    @property
    def change(self) -> float | None:
        """Points against last time."""
        if self.newest is None or self.before is None:
            return None
        if self.newest.score is None or self.before.score is None:
            return None
        return float(self.newest.score - self.before.score)


@dataclass(frozen=True)
class SectionLine:
    """One section: the mean over the supplier's sites."""

    code: str
    score: float


def responses_of(relationship: Relationship) -> list[Response]:
    """Return the responses of a relationship, newest first."""
    rows = Response.objects.filter(relationship=relationship).select_related("site", "version")
    return list(rows.defer("version__document").order_by("-created_at", "-pk"))


def site_lines(relationship: Relationship, responses: list[Response]) -> list[SiteLine]:
    """Return the supplier's sites, lowest score first."""
    by_site: dict[int, list[Response]] = defaultdict(list)
    for response in responses:
        by_site[response.site_id].append(response)
    open_findings: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Finding.objects.filter(relationship=relationship, state__in=UNSETTLED_STATES)
    for site_id, severity in rows.values_list("site_id", "severity"):
        open_findings[site_id][severity] = open_findings[site_id].get(severity, 0) + 1
    lines = []
    mine = Audit.objects.filter(relationship=relationship)
    sites = list(Site.objects.filter(organisation_id=relationship.supplier_id).order_by("name", "pk"))
    standings = audits_of_sites(mine, [site.pk for site in sites])
    for site in sites:
        handed = [r for r in by_site[site.pk] if r.state in HANDED_IN_STATES]
        latest = by_site[site.pk][0] if by_site[site.pk] else None
        waiting = latest if latest and latest.state in OPEN_STATES else None
        newest, before = [*handed, None, None][:2]
        standing = standings.get(site.pk, SiteAudits())
        lines.append(SiteLine(site, newest, before, waiting, open_findings[site.pk], standing))
    return sorted(lines, key=lambda line: line.lowest_first)


def years_of(responses: list[Response]) -> list[dict[str, Any]]:
    """Return [{period, score (mean over sites), sites}] oldest first."""
    by_period: dict[str, list[float]] = defaultdict(list)
    for response in responses:
        if response.score is not None and response.state in HANDED_IN_STATES:
            by_period[response.period].append(float(response.score))
    return [
        {"period": period, "score": round(fmean(scores), 1), "sites": len(scores)}
        for period, scores in sorted(by_period.items())
    ]


def section_means(lines: list[SiteLine]) -> list[SectionLine]:
    """Return the mean of each section over the sites' newest scores, in the order of their codes."""
    latest = latest_submissions({line.newest.pk for line in lines if line.newest})
    rows = Score.objects.filter(submission_id__in=latest.values(), scoring_version=F("submission__scored_version"))
    found: dict[str, list[float]] = defaultdict(list)
    for detail in rows.values_list("detail", flat=True):
        for code, part in detail["sections"].items():
            if part.get("score") is not None:
                found[code].append(part["score"])
    return [SectionLine(code, round(fmean(scores), 1)) for code, scores in found.items()]


def open_findings_of(relationship: Relationship) -> QuerySet[Finding]:
    """Return the open findings of a supplier with their sites, worst first."""
    rows = Finding.objects.filter(relationship=relationship, state__in=UNSETTLED_STATES).select_related("site")
    return rows.order_by(SEVERITY_RANK, "provision", "pk")


def actions_of(relationship: Relationship, *, limit: int = 6) -> list[Finding]:
    """Return the confirmed findings in which somebody has to do something, what is due first leading."""
    rows = Finding.objects.filter(CONFIRMED, relationship=relationship, state__in=WAITING_STATES)
    rows = rows.select_related("site", "action")
    return list(rows.order_by(F("next_due_on").asc(nulls_last=True), SEVERITY_RANK, "pk")[:limit])


def count_actions(relationship: Relationship) -> dict[str, Any]:
    """Return {waiting, overdue, first: the earliest day that has passed}; one query."""
    rows = Finding.objects.filter(CONFIRMED, relationship=relationship, state__in=WAITING_STATES).order_by()
    late = Q(next_due_on__lt=timezone.localdate())
    return rows.aggregate(waiting=Count("pk"), overdue=Count("pk", filter=late), first=Min("next_due_on", filter=late))


def audits_of(relationship: Relationship, *, limit: int = 8) -> list[Audit]:
    """Return the audits of a supplier, the newest first; those declined or called off are left out."""
    rows = Audit.objects.filter(relationship=relationship).select_related("site", "firm")
    rows = rows.exclude(state__in=(AuditState.DECLINED, AuditState.CANCELLED))
    day = Coalesce("ends_on", "starts_on", "preferred_on", TruncDate("asked_at"), output_field=DateField())
    return list(rows.annotate(day=day).order_by("-day", "-pk")[:limit])
