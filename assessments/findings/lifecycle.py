"""The life of a finding and of the plan about it: two tables, one gate each."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.findings.enums import RULED_SOURCES, SETTLED_STATES, CloseReason, Due, ExtensionState, PlanState
from assessments.findings.enums import FindingState as State
from assessments.findings.models import UNSETTLED, ActionChange, CorrectiveAction, Extension, Finding, FindingChange
from portal.accounts.models import User
from portal.lib.errors import ConflictError, DomainError

TRANSITIONS: dict[State, frozenset[State]] = {
    State.OPEN: frozenset({State.DISPUTED, State.ACTION_AGREED, State.COLLABORATIVE, State.NO_ACTION, State.CLOSED}),
    State.DISPUTED: frozenset({State.OPEN, State.CLOSED}),
    State.ACTION_AGREED: frozenset({State.IN_PROGRESS, State.OPEN, State.COLLABORATIVE, State.CLOSED}),
    State.IN_PROGRESS: frozenset({State.DONE, State.OPEN, State.COLLABORATIVE, State.CLOSED}),
    State.DONE: frozenset({State.VERIFIED, State.IN_PROGRESS, State.CLOSED}),
    State.VERIFIED: frozenset({State.CLOSED, State.OPEN}),
    State.CLOSED: frozenset({State.OPEN}),
    State.NO_ACTION: frozenset({State.OPEN, State.CLOSED}),
    State.COLLABORATIVE: frozenset({State.OPEN, State.IN_PROGRESS, State.CLOSED}),
}
PLAN_TRANSITIONS: dict[PlanState, frozenset[PlanState]] = {
    PlanState.DRAFT: frozenset({PlanState.SUBMITTED}),
    PlanState.SUBMITTED: frozenset({PlanState.DRAFT, PlanState.ACCEPTED, PlanState.REJECTED}),
    PlanState.ACCEPTED: frozenset({PlanState.DRAFT}),
    PlanState.REJECTED: frozenset({PlanState.SUBMITTED}),
}
EXTENSION_TRANSITIONS: dict[ExtensionState, frozenset[ExtensionState]] = {
    ExtensionState.ASKED: frozenset({ExtensionState.GRANTED, ExtensionState.REFUSED}),
    ExtensionState.GRANTED: frozenset(),
    ExtensionState.REFUSED: frozenset(),
}
# What runs while a finding is in a state; an open one depends on its plan.
RUNNING: dict[State, Due] = {
    State.ACTION_AGREED: Due.DONE,
    State.IN_PROGRESS: Due.DONE,
}


def changed_meanwhile() -> ConflictError:
    """The error for the second of two people who press at once."""
    return ConflictError(_("Somebody else changed this a moment ago. Reload the page to see how it stands."))


@transaction.atomic
def advance(
    finding: Finding,
    target: State,
    *,
    actor: User | None,
    reason: CloseReason | None = None,
    note: str = "",
) -> FindingChange:
    """Move a finding and leave a trace. Of two who press at once one wins; the other gets ConflictError.

    Raises DomainError for a move the table does not hold, and for reopening one whose rule raised another since.
    """
    source = State(finding.state)
    if target not in TRANSITIONS[source]:
        message = _("This is not possible while the finding is “%(state)s”.") % {"state": source.label}
        raise DomainError(message, code="transition")
    if source in SETTLED_STATES and target not in SETTLED_STATES:
        refuse_twin(finding)
    columns = columns_for(finding, target, reason)
    won = Finding.objects.filter(pk=finding.pk, state=source).update(**columns)
    if not won:
        raise changed_meanwhile()
    for name, value in columns.items():
        setattr(finding, name, value)
    return FindingChange.objects.create(
        finding=finding, source=source, target=target, reason=note or (reason or ""), actor=actor
    )


@transaction.atomic
def advance_many(findings: Iterable[Finding], target: State, *, reason: CloseReason | None = None) -> None:
    """Open or close findings the worker found; those somebody moved meanwhile are left as they are.

    Of the dates only that of the plan can start to run by this, so findings that share it are moved at once.
    """
    alike: dict[tuple[str, date | None], list[Finding]] = defaultdict(list)
    for finding in findings:
        if target in TRANSITIONS[State(finding.state)]:
            alike[finding.state, finding.plan_due_on].append(finding)
    for (source, _day), rows in alike.items():
        moving = Finding.objects.filter(pk__in=[finding.pk for finding in rows], state=source)
        moving.update(**columns_for(rows[0], target, reason))
    FindingChange.objects.bulk_create(
        FindingChange(finding=finding, source=source, target=target, reason=reason or "")
        for (source, _day), rows in alike.items()
        for finding in rows
    )


def refuse_twin(finding: Finding) -> None:
    """Refuse to reopen a finding when a newer one of the same rule is open at the site."""
    same = {"site_id": finding.site_id, "relationship_id": finding.relationship_id, "rule": finding.rule}
    twins = Finding.objects.filter(UNSETTLED, source=finding.source, **same).exclude(pk=finding.pk)
    if finding.source in RULED_SOURCES and finding.rule and twins.exists():
        raise DomainError(_("A newer finding of the same rule is open at this site. Work on that one."), code="twin")


def columns_for(finding: Finding, target: State, reason: CloseReason | None) -> dict[str, object]:
    """Return the columns that a move writes."""
    columns: dict[str, object] = {"state": target, "closed_at": None, "close_reason": "", "merged_into": None}
    if target is State.CLOSED:
        columns |= {"closed_at": timezone.now(), "close_reason": reason or ""}
    elif target is State.DONE:
        columns["done_on"] = timezone.localdate()
    elif target is State.VERIFIED:
        columns["verified_on"] = timezone.localdate()
    elif target in (State.OPEN, State.IN_PROGRESS):
        columns |= {"done_on": None, "verified_on": None}
    due = Due.PLAN if target is State.OPEN else RUNNING.get(target)
    return columns | due_columns(finding, due)


def awaited(finding: Finding) -> Due | None:
    """Return which clock runs on a finding as it stands: on an open one it depends on its plan."""
    if finding.state != State.OPEN:
        return RUNNING.get(State(finding.state))
    handed_in = CorrectiveAction.objects.filter(finding=finding, state=PlanState.SUBMITTED)
    return Due.APPROVAL if handed_in.exists() else Due.PLAN


def due_columns(finding: Finding, due: Due | None) -> dict[str, object]:
    """Return which clock runs now, as columns."""
    days = {Due.PLAN: finding.plan_due_on, Due.APPROVAL: finding.approval_due_on, Due.DONE: finding.done_due_on}
    day = days[due] if due else None
    return {"next_due": due if due and day else "", "next_due_on": day}


@transaction.atomic
def advance_plan(action: CorrectiveAction, target: PlanState, *, actor: User | None, reason: str = "") -> ActionChange:
    """Move a plan and set the clock that runs next on its finding; raises as `advance` does."""
    source = PlanState(action.state)
    if target not in PLAN_TRANSITIONS[source]:
        message = _("This is not possible while the plan is “%(state)s”.") % {"state": source.label}
        raise DomainError(message, code="transition")
    now = timezone.now()
    columns: dict[str, object] = {"state": target}
    if target is PlanState.SUBMITTED:
        columns["submitted_at"] = now
    elif target in (PlanState.ACCEPTED, PlanState.REJECTED):
        columns["decided_at"] = now
    elif source is PlanState.SUBMITTED:
        columns["submitted_at"] = None  # taken back: its words are the site's own again
    if not CorrectiveAction.objects.filter(pk=action.pk, state=source).update(**columns):
        raise changed_meanwhile()
    for name, value in columns.items():
        setattr(action, name, value)
    if action.finding.state == State.OPEN:
        set_running(action.finding, Due.APPROVAL if target is PlanState.SUBMITTED else Due.PLAN)
    return ActionChange.objects.create(action=action, source=source, target=target, reason=reason, actor=actor)


def set_running(finding: Finding, due: Due | None) -> None:
    """Write which clock of a finding runs now."""
    columns = due_columns(finding, due)
    Finding.objects.filter(pk=finding.pk).update(**columns)
    for name, value in columns.items():
        setattr(finding, name, value)


@transaction.atomic
def advance_extension(extension: Extension, target: ExtensionState, *, actor: User | None, note: str = "") -> None:
    """Decide a wish for a later date; raises as `advance` does. The dates themselves are the service's."""
    source = ExtensionState(extension.state)
    if target not in EXTENSION_TRANSITIONS[source]:
        raise DomainError(_("This wish was decided already."), code="transition")
    columns = {"state": target, "decided_by": actor, "decided_at": timezone.now(), "note": note}
    if not Extension.objects.filter(pk=extension.pk, state=source).update(**columns):
        raise changed_meanwhile()
    for name, value in columns.items():
        setattr(extension, name, value)
