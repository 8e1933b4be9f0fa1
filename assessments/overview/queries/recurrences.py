"""What came back: findings on a provision that the same site had been told of before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from assessments.findings.models import Finding
from assessments.overview.queries.slices import finding_facets, severity_facet
from portal.lib.listing import Facet
from suppliers.organisations.queries import Reader, Workspace

Key = tuple[int, int, str]


@dataclass(frozen=True)
class Chain:
    """The findings on one provision at one site that follow each other, the oldest first."""

    findings: Sequence[Finding]

    @property
    def last(self) -> Finding:
        """The newest of them."""
        return self.findings[-1]

    @property
    def times(self) -> int:
        """How often it came back."""
        return len(self.findings) - 1


def recurring(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Return the findings that recur on an earlier one."""
    return findings.filter(recurrence_of__isnull=False)


def recurrence_facets(user: Reader, workspace: Workspace) -> list[Facet]:
    """Return the filters of the report; one query."""
    return [severity_facet(), *finding_facets(user, workspace)]


def group_recurrences(findings: QuerySet[Finding]) -> QuerySet[Any, Any]:
    """Return one row for each site and provision with recurrences, what came back most often first."""
    rows = recurring(findings).order_by().values("relationship_id", "site_id", "provision")
    return rows.annotate(times=Count("pk"), newest=Max("opened_at")).order_by("-times", "-newest", "site_id")


def chains_of(groups: Iterable[Mapping[str, Any]]) -> list[Chain]:
    """Return the chains of one page of groups, what went before included; one query."""
    keys: list[Key] = [(group["relationship_id"], group["site_id"], group["provision"]) for group in groups]
    linked = Q(recurrence_of__isnull=False) | Q(
        pk__in=Finding.objects.filter(recurrence_of__isnull=False, site_id__in=[key[1] for key in keys]).values(
            "recurrence_of_id"
        )
    )
    rows = Finding.objects.filter(linked, site_id__in=[key[1] for key in keys], provision__in={key[2] for key in keys})
    found: dict[Key, list[Finding]] = defaultdict(list)
    for finding in rows.select_related("site__organisation", "relationship").order_by("opened_at", "pk"):
        found[finding.relationship_id, finding.site_id, finding.provision].append(finding)
    return [Chain(found[key]) for key in keys if found[key]]
