"""Findings that are not settled: how old, how grave, where, on what."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from assessments.findings.enums import Severity
from assessments.findings.models import UNSETTLED, Finding
from assessments.findings.queries import natural

AGE_EDGES = (0, 30, 90, 180)  # days; a bucket reaches from its edge to just before the next one


@dataclass
class Line:
    """Findings that share an age, a country or a provision, by severity."""

    key: str
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """All of them."""
        return self.counts.total()

    @property
    def worst_first(self) -> tuple[int, ...]:
        """A key that puts most Priority findings first, then most Major ones."""
        return tuple(-self.counts[severity] for severity in Severity.values)


@dataclass(frozen=True)
class Ages:
    """Everything the report on ages says."""

    ages: Sequence[Line]
    countries: Sequence[Line]
    provisions: Sequence[Line]
    total: Line


def age_clause(edge: str) -> Q:
    """Return the condition of findings raised so many days ago, up to just before the next edge."""
    now, number = timezone.now(), int(edge)
    older = [other for other in AGE_EDGES if other > number]
    young = Q(opened_at__lte=now - timedelta(days=number)) if number else Q()
    return young & Q(opened_at__gt=now - timedelta(days=older[0])) if older else young


def count_ages(findings: QuerySet[Finding]) -> Ages:
    """Return the unsettled findings by age, country and provision; two queries."""
    rows = findings.filter(UNSETTLED).order_by()
    edge = Case(
        *(When(age_clause(str(edge)), then=Value(edge)) for edge in AGE_EDGES),
        default=Value(0),
        output_field=IntegerField(),
    )
    ages = {edge: Line(str(edge)) for edge in AGE_EDGES}
    lands: dict[str, Line] = {}
    total = Line("")
    for age, land, severity, count in rows.values_list(edge, "site__country", "severity").annotate(count=Count("pk")):
        for line in (ages[age], lands.setdefault(land, Line(land)), total):
            line.counts[severity] += count
    provisions: dict[str, Line] = {}
    for provision, severity, count in rows.values_list("provision", "severity").annotate(count=Count("pk")):
        provisions.setdefault(provision, Line(provision)).counts[severity] += count
    by_weight = sorted(lands.values(), key=lambda line: (line.worst_first, line.key))
    by_code = sorted(provisions.values(), key=lambda line: natural(line.key))
    return Ages([ages[edge] for edge in reversed(AGE_EDGES)], by_weight, by_code, total)
