"""Findings that are not settled: how old, how grave, where, on what."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Case, Count, IntegerField, Max, QuerySet, Value, When

from assessments.findings.enums import Severity
from assessments.findings.models import UNSETTLED, Finding
from assessments.findings.queries import AGE_EDGES, age_clause, natural


@dataclass
class Line:
    """Findings that share an age, a country or a provision, by severity."""

    key: str
    counts: Counter[str] = field(default_factory=Counter)
    code_of_conduct: str = ""

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
    by_provision = rows.values_list("provision", "severity").annotate(code=Max("code_of_conduct"), count=Count("pk"))
    for provision, severity, code, count in by_provision:
        provisions.setdefault(provision, Line(provision, code_of_conduct=code)).counts[severity] += count
    by_weight = sorted(lands.values(), key=lambda line: (line.worst_first, line.key))
    by_code = sorted(provisions.values(), key=lambda line: natural(line.key))
    return Ages([ages[edge] for edge in reversed(AGE_EDGES)], by_weight, by_code, total)
