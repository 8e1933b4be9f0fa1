"""How sites stand: never audited, planned, valid, expiring, expired. The one definition, counted from the audits.

The newest end of validity among a buyer's released audits of the site decides. An audit that is going on makes a
site "planned" only while none is valid. A released audit of a kind without an end of validity stays valid.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, F, IntegerField, Max, Min, Q, QuerySet, Value, When
from django.utils import timezone

from assessments.audits.enums import GOING_STATES, RELEASED_STATES, AuditStatus
from assessments.audits.models import Audit

EXPIRING_DAYS = 90
RELEASED = Q(state__in=RELEASED_STATES)
GOING = Q(state__in=GOING_STATES)


def site_statuses(audits: QuerySet[Audit]) -> QuerySet[Any, Any]:
    """Return one row per relationship and site with audits: relationship_id, site_id, until, planned_on and status.

    Sites without a row were never audited.
    """
    today = timezone.localdate()
    facts = audits.order_by().values("relationship_id", "site_id")
    facts = facts.annotate(
        until=Max("valid_until", filter=RELEASED),
        endless=Count("pk", filter=RELEASED & Q(valid_until=None, follows=None)),
        going=Count("pk", filter=GOING),
        planned_on=Min("starts_on", filter=GOING),
    )
    return facts.annotate(status=status_case(today))


def status_case(today: date) -> Case:
    """Return the status of a site from the figures of its audits, the strongest first."""
    return Case(
        When(endless__gt=0, then=Value(AuditStatus.VALID)),
        When(until__gt=today + timedelta(days=EXPIRING_DAYS), then=Value(AuditStatus.VALID)),
        When(until__gte=today, then=Value(AuditStatus.EXPIRING)),
        When(going__gt=0, then=Value(AuditStatus.PLANNED)),
        When(until__lt=today, then=Value(AuditStatus.EXPIRED)),
        default=Value(AuditStatus.NEVER),
        output_field=CharField(),
    )


def count_statuses(audits: QuerySet[Audit], *, sites: int) -> dict[str, int]:
    """Return {status: sites} of a buyer's audits, "never" being what remains of all its sites; one query."""
    known = [status for status in AuditStatus.values if status != AuditStatus.NEVER]
    counts = {status: Count("site_id", filter=Q(status=status)) for status in known}
    found: dict[str, int] = site_statuses(audits).aggregate(**counts)
    return {AuditStatus.NEVER: sites - sum(found.values()), **found}


def status_clause(audits: QuerySet[Audit], status: str) -> Q:
    """Return the condition of sites that stand so; `audits` are all of the buyer's."""
    if status == AuditStatus.NEVER:
        return ~Q(pk__in=site_statuses(audits).exclude(status=AuditStatus.NEVER).values("site_id"))
    return Q(pk__in=site_statuses(audits).filter(status=status).values("site_id"))


def site_case(audits: QuerySet[Audit], numbers: Mapping[AuditStatus, int]) -> Case:
    """Return the number of each site's status as a column, to sort by.

    Each status is looked up once per statement, not once per site: an annotation of an annotation would repeat it.
    """
    known = [(status, number) for status, number in numbers.items() if status is not AuditStatus.NEVER]
    cases = [When(status_clause(audits, status), then=Value(number)) for status, number in known]
    return Case(*cases, default=Value(numbers[AuditStatus.NEVER]), output_field=IntegerField())


@dataclass(frozen=True)
class SiteAudits:
    """How one site stands, with the audits that say so: the newest released one and the next that is going on."""

    status: AuditStatus = AuditStatus.NEVER
    until: date | None = None
    last: Audit | None = None
    going: Audit | None = None


def audits_of_sites(audits: QuerySet[Audit], site_ids: Iterable[int]) -> Mapping[int, SiteAudits]:
    """Return {site id: how it stands} of sites that have audits, for one page of them; two queries."""
    mine = audits.filter(site_id__in=list(site_ids))
    last: dict[int, Audit] = {}
    going: dict[int, Audit] = {}
    rows = mine.filter(RELEASED | GOING).select_related("firm", "programme")
    for audit in rows.order_by(F("ends_on").asc(nulls_last=True), "pk"):
        if audit.state in RELEASED_STATES:
            last[audit.site_id] = audit
        else:
            going.setdefault(audit.site_id, audit)
    return {
        row["site_id"]: SiteAudits(
            AuditStatus(row["status"]), row["until"], last.get(row["site_id"]), going.get(row["site_id"])
        )
        for row in site_statuses(mine)
    }
