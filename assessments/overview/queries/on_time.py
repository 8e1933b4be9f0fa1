"""Corrective actions on time: of those that were to be done in a period, how many were, and how late the others are.

The day counts by which the action was to be done, extensions included. An action that is done waits for nobody any
more, verified or not; one that was settled without being done (closed, no action) is left out and only counted.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    DurationField,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.findings.enums import ActionManager, Severity
from assessments.findings.models import UNSETTLED, Finding
from assessments.overview.enums import Outcome
from assessments.overview.queries.slices import finding_facets, severity_facet
from portal.lib.listing import Facet
from suppliers.organisations.queries import Reader, Workspace

DEFAULT_PERIOD = "12m"
FIXED = {"period": DEFAULT_PERIOD}
YEARS = 3


@dataclass
class Tally:
    """Actions that share something, by outcome; `days` is the sum of the days late, done and overdue ones together."""

    key: str
    counts: Counter[str] = field(default_factory=Counter)
    days: int = 0

    @property
    def judged(self) -> int:
        """Actions whose day has come: the denominator."""
        return self.counts[Outcome.ON_TIME] + self.behind

    @property
    def behind(self) -> int:
        """Actions done late or overdue."""
        return self.counts[Outcome.LATE] + self.counts[Outcome.OVERDUE]

    @property
    def share(self) -> float | None:
        """Share on time in percent."""
        return 100 * self.counts[Outcome.ON_TIME] / self.judged if self.judged else None

    @property
    def mean_days(self) -> float | None:
        """Mean days late of those that are behind."""
        return self.days / self.behind if self.behind else None


@dataclass(frozen=True)
class OnTime:
    """The figures of a period."""

    total: Tally
    severities: Sequence[Tally]
    managers: Sequence[Tally]
    countries: Sequence[Tally]


def period_choices(today: date) -> list[tuple[str, str]]:
    """Return the periods that the report knows."""
    years = [(str(year), str(year)) for year in range(today.year, today.year - YEARS, -1)]
    return [(DEFAULT_PERIOD, _("Last 12 months")), ("next", _("Next 90 days")), *years]


def days_of(period: str, today: date) -> tuple[date, date]:
    """Return the first and the last day of a period."""
    if period == DEFAULT_PERIOD:
        return today - timedelta(days=365), today
    if period == "next":
        return today, today + timedelta(days=90)
    return date(int(period), 1, 1), date(int(period), 12, 31)


def on_time_facets(user: Reader, workspace: Workspace) -> list[Facet]:
    """Return the filters of the report; one query."""
    return [
        Facet("period", _("To be done"), period_choices(timezone.localdate()), period_clause),
        Facet("outcome", _("Outcome"), Outcome.choices, outcome_clause),
        severity_facet(),
        Facet("manager", _("Managed by"), ActionManager.choices, "manager"),
        *finding_facets(user, workspace),
    ]


def period_clause(value: str) -> Q:
    """Return the condition of findings whose action was to be done in a period."""
    return Q(done_due_on__range=days_of(value, timezone.localdate()))


def listed_actions(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Return the findings as the list of the report shows them: overdue ones first, then those done late."""
    ranks = (Outcome.OVERDUE, Outcome.LATE, Outcome.OPEN, Outcome.ON_TIME, Outcome.LEFT_OUT)
    rank = Case(
        *(When(outcome_clause(outcome), then=Value(number)) for number, outcome in enumerate(ranks)),
        default=Value(len(ranks)),
        output_field=IntegerField(),
    )
    rows = findings.select_related("site__organisation", "relationship").defer("text", "advice", "law")
    return rows.annotate(outcome=outcome_case(), outcome_rank=rank).order_by("outcome_rank", "done_due_on", "pk")


def outcome_clause(value: str) -> Q:
    """Return the condition of one outcome."""
    today = timezone.localdate()
    waiting = UNSETTLED & Q(done_on=None)
    clauses = {
        Outcome.ON_TIME: Q(done_on__lte=F("done_due_on")),
        Outcome.LATE: Q(done_on__gt=F("done_due_on")),
        Outcome.OVERDUE: waiting & Q(done_due_on__lt=today),
        Outcome.OPEN: waiting & Q(done_due_on__gte=today),
        Outcome.LEFT_OUT: ~UNSETTLED & Q(done_on=None),
    }
    return clauses[Outcome(value)]


def outcome_case() -> Case:
    """Return the outcome of a finding's action as a column."""
    whens = [When(outcome_clause(outcome), then=Value(outcome)) for outcome in Outcome.values]
    return Case(*whens, default=Value(Outcome.LEFT_OUT.value), output_field=CharField())


def count_on_time(findings: QuerySet[Finding]) -> OnTime:
    """Return the figures of findings whose action was to be done in a period; one query."""
    today = Value(timezone.localdate(), output_field=DateField())
    ended = Case(When(done_on=None, then=today), default=F("done_on"), output_field=DateField())
    behind = Sum(ExpressionWrapper(ended - F("done_due_on"), output_field=DurationField()))
    rows = findings.order_by().values_list("severity", "manager", "site__country", outcome_case())
    tallies: dict[str, dict[str, Tally]] = {"severity": {}, "manager": {}, "country": {}, "all": {}}
    for severity, manager, land, outcome, count, spent in rows.annotate(count=Count("pk"), spent=behind):
        for name, key in (("severity", severity), ("manager", manager), ("country", land), ("all", "")):
            tally = tallies[name].setdefault(key, Tally(key))
            tally.counts[outcome] += count
            if outcome in (Outcome.LATE, Outcome.OVERDUE):
                tally.days += spent.days
    lands = sorted(tallies["country"].values(), key=lambda tally: (-tally.behind, -tally.judged, tally.key))
    return OnTime(
        total=tallies["all"].get("", Tally("")),
        severities=[tallies["severity"].get(key, Tally(key)) for key in Severity.values],
        managers=[tallies["manager"][key] for key in ActionManager.values if key in tallies["manager"]],
        countries=lands,
    )


def named_groups(counted: OnTime) -> list[tuple[str, str, Tally]]:
    """Return the tallies by severity and by manager as (filter, label, tally)."""
    severities = [("severity", str(Severity(tally.key).label), tally) for tally in counted.severities]
    return severities + [("manager", str(ActionManager(tally.key).label), tally) for tally in counted.managers]


def days_late(finding: Finding) -> int | None:
    """Return how many days behind its day an action was done or still is; None when it is not behind."""
    if finding.done_due_on is None or (finding.done_on is None and finding.is_settled):
        return None
    days = ((finding.done_on or timezone.localdate()) - finding.done_due_on).days
    return days if days > 0 else None


def share_on_time(findings: QuerySet[Finding]) -> dict[str, Any]:
    """Return {on_time, judged} of the last twelve months, for the dashboard; one query."""
    judged = outcome_clause(Outcome.ON_TIME) | outcome_clause(Outcome.LATE) | outcome_clause(Outcome.OVERDUE)
    rows = findings.filter(period_clause(DEFAULT_PERIOD)).order_by()
    return rows.aggregate(
        on_time=Count("pk", filter=outcome_clause(Outcome.ON_TIME)), judged=Count("pk", filter=judged)
    )
