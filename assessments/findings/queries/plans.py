"""Reads of corrective actions: the work list, the findings of one plan, what a page says of one action."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.findings.enums import (
    RULED_SOURCES,
    WRITABLE_PLANS,
    FindingState,
    NextStep,
    PlanState,
    Severity,
    Source,
)
from assessments.findings.models import SEVERITY_RANK, ActionChange, CorrectiveAction, Finding
from assessments.findings.queries.findings import searched_by, visible_findings, workspace_rows
from portal.lib.listing import Facet, narrow_rows, search_rows, sort_rows
from suppliers.organisations.models import Site
from suppliers.organisations.queries import Reader, Workspace, workspaces_of

SOON = timedelta(days=14)
BATCHED = (Source.FLAG, Source.AUDIT)
CONFIRMED = ~Q(source__in=RULED_SOURCES) | Q(confirmed_at__isnull=False)
IN_STEP: dict[NextStep, Q] = {
    NextStep.APPROVAL: Q(state=FindingState.OPEN, action__state=PlanState.SUBMITTED),
    NextStep.PLAN: Q(state=FindingState.OPEN) & ~Q(action__state=PlanState.SUBMITTED),
    NextStep.ACTION: Q(state__in=(FindingState.ACTION_AGREED, FindingState.IN_PROGRESS)),
    NextStep.VERIFICATION: Q(state=FindingState.DONE),
    NextStep.DISPUTE: Q(state=FindingState.DISPUTED),
}
WAITING_STATES = (
    FindingState.OPEN,
    FindingState.DISPUTED,
    FindingState.ACTION_AGREED,
    FindingState.IN_PROGRESS,
    FindingState.DONE,
)
COLUMNS = {"severity": "severity_rank", "provision": "provision", "site": "site__name", "step": "step"}


# 1. The work list ----------------------------------------------------------------------------------
def waiting_findings(user: Reader, workspace: Workspace | None) -> QuerySet[Finding]:
    """Return the confirmed findings of a workspace in which somebody has to do something, with their step."""
    rows = workspace_rows(user, workspace).filter(CONFIRMED, state__in=WAITING_STATES)
    step = Case(*(When(clause, then=Value(step.value)) for step, clause in IN_STEP.items()), output_field=CharField())
    rows = rows.select_related("site__organisation", "relationship__buyer", "action")
    return rows.annotate(severity_rank=SEVERITY_RANK, step=step)


def wanted_actions(
    rows: QuerySet[Finding], workspace: Workspace | None, facets: list[Facet], params: Mapping[str, str]
) -> QuerySet[Finding]:
    """Return the rows that the address asks for: what is due first leads, what has no date comes last."""
    rows = search_rows(narrow_rows(rows, facets, params), params.get("q", ""), searched_by(workspace))
    wanted = params.get("sort", "")
    if wanted.removeprefix("-") in COLUMNS:
        return sort_rows(rows, COLUMNS, wanted, "severity")
    day = F("next_due_on").desc(nulls_last=True) if wanted == "-due" else F("next_due_on").asc(nulls_last=True)
    return rows.order_by(day, SEVERITY_RANK, "pk")


def action_facets(user: Reader, workspace: Workspace | None, params: Mapping[str, str]) -> list[Facet]:
    """Return the filters of the work list; that of one site for those who have few, or where the address names it."""
    today = timezone.localdate()
    standing = {
        "overdue": Q(next_due_on__lt=today),
        "soon": Q(next_due_on__gte=today, next_due_on__lte=today + SOON),
        "later": Q(next_due_on__gt=today + SOON),
        "undated": Q(next_due_on=None),
    }
    words = [("overdue", _("Overdue")), ("soon", _("Due in 14 days")), ("later", _("Later")), ("undated", _("No date"))]
    return [
        Facet("standing", _("Due on"), words, lambda value: standing[value]),
        Facet("step", _("Waits for"), NextStep.choices, lambda value: IN_STEP[NextStep(value)]),
        Facet("severity", _("Severity"), Severity.choices, "severity"),
        Facet("source", _("Source"), Source.choices, "source"),
        *site_facet(workspace, params.get("site", "")),
    ]


def site_facet(workspace: Workspace | None, wanted: str) -> list[Facet]:
    """Return the filter of a site: a supplier chooses among its own, a buyer has too many for a list."""
    if workspace is None:
        return []
    sites = Site.objects.filter(organisation=workspace.organisation).order_by("name", "pk")
    if workspace.is_buyer:
        sites = Site.objects.filter(pk=wanted) if wanted.isdecimal() else Site.objects.none()
    return [Facet("site", _("Site"), list(choices), "site_id")] if (choices := sites.values_list("pk", "name")) else []


def workspace_actions(user: Reader | None, organisation_id: int | None, params: Mapping[str, str]) -> QuerySet[Finding]:
    """Return what the work list of one of the user's workspaces shows for an address; used by the export."""
    if user is None:
        return Finding.objects.none()
    workspace = next((space for space in workspaces_of(user) if space.organisation.pk == organisation_id), None)
    return wanted_actions(waiting_findings(user, workspace), workspace, action_facets(user, workspace, params), params)


def plans_due(user: Reader, workspace: Workspace | None, limit: int = 5) -> list[Finding]:
    """Return the findings of a supplier that wait for its plan or its action, what is due first leading."""
    if workspace is None or not workspace.is_supplier:
        return []
    steps = IN_STEP[NextStep.PLAN] | IN_STEP[NextStep.ACTION]
    rows = visible_findings(user).filter(CONFIRMED, steps, site__organisation=workspace.organisation)
    rows = rows.select_related("site", "relationship__buyer", "action").annotate(severity_rank=SEVERITY_RANK)
    return list(rows.order_by(F("next_due_on").asc(nulls_last=True), "severity_rank", "pk")[:limit])


# 2. One plan per audit or response -----------------------------------------------------------------
def batch_findings(user: Reader, source: str, source_id: int) -> QuerySet[Finding]:
    """Return the confirmed findings of one audit or response that the user sees, worst first."""
    rows = visible_findings(user).filter(CONFIRMED, source=source, source_id=source_id)
    rows = rows.select_related("site__organisation", "relationship__buyer", "action__updated_by", "firm")
    return rows.annotate(severity_rank=SEVERITY_RANK).order_by("severity_rank", "provision", "pk")


# 3. One action -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Step:
    """One of the five steps of a corrective action."""

    label: str
    is_done: bool


@dataclass(frozen=True)
class Progress:
    """How far a corrective action is: "3 of 5", and the word of the next step."""

    steps: list[Step] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many steps are behind."""
        return sum(step.is_done for step in self.steps)

    @property
    def total(self) -> int:
        """How many steps there are."""
        return len(self.steps)

    @property
    def next_label(self) -> str:
        """The step that comes next, "" at the end."""
        return next((step.label for step in self.steps if not step.is_done), "")


def action_of(finding: Finding) -> CorrectiveAction | None:
    """Return the corrective action of a finding, None while there is none."""
    return getattr(finding, "action", None)


def sent_back_notes(findings: Iterable[Finding]) -> dict[int, str]:
    """Return by finding why its plan has to be written anew: rejected, or asked for again once agreed; one query."""
    sent_back = Q(target=PlanState.REJECTED) | Q(source=PlanState.ACCEPTED, target=PlanState.DRAFT)
    rows = ActionChange.objects.filter(sent_back, action__finding__in=findings, action__state__in=WRITABLE_PLANS)
    return dict(rows.exclude(reason="").order_by("pk").values_list("action__finding_id", "reason"))


def progress_of(finding: Finding) -> Progress:
    """Return the five steps from the cause to the verification; no step is skipped."""
    action = action_of(finding)
    state, plan = FindingState(finding.state), PlanState(action.state) if action else PlanState.DRAFT
    verified = state is FindingState.VERIFIED or finding.verified_on is not None
    done = verified or state is FindingState.DONE or finding.done_on is not None
    agreed = done or plan is PlanState.ACCEPTED
    submitted = agreed or plan is PlanState.SUBMITTED
    cause = submitted or bool(action and (action.root_cause or action.no_action_reason))
    words = (_("Root cause"), _("Plan submitted"), _("Plan accepted"), _("Action done"), _("Verified"))
    return Progress(
        [Step(word, is_done) for word, is_done in zip(words, (cause, submitted, agreed, done, verified), strict=True)]
    )


def step_of(finding: Finding) -> NextStep | None:
    """Return what a finding waits for, None when it waits for nothing."""
    action = action_of(finding)
    plan = NextStep.APPROVAL if action and action.state == PlanState.SUBMITTED else NextStep.PLAN
    steps = {
        FindingState.OPEN: plan,
        FindingState.ACTION_AGREED: NextStep.ACTION,
        FindingState.IN_PROGRESS: NextStep.ACTION,
        FindingState.DONE: NextStep.VERIFICATION,
        FindingState.DISPUTED: NextStep.DISPUTE,
    }
    return steps.get(FindingState(finding.state))
