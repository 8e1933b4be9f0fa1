"""What is decided about a finding: confirm, dismiss, merge, dispute, share, close, open again."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.findings import lifecycle
from assessments.findings.clocks import find_clock, read_clocks, set_dates
from assessments.findings.enums import CloseReason, FindingState, PlanState, Source
from assessments.findings.models import CorrectiveAction, Finding
from assessments.findings.services.telling import tell_judges, tell_site
from portal.accounts.models import User
from portal.lib.errors import DomainError
from portal.trail.services import record


def note_deed(deed: str, finding: Finding, actor: User, **detail: Any) -> None:
    """Record a deed in the trail of the buyer who follows the finding."""
    record(deed, actor=actor, thing=finding, organisation_id=finding.relationship.buyer_id, **detail)


# Flags: a person says what becomes of what a rule found ---------------------------------------------


@transaction.atomic
def confirm_finding(*, finding: Finding, actor: User) -> Finding:
    """Confirm what a rule found, start its clock today and ask the site for a plan.

    Raises DomainError where there is nothing to confirm, and ConflictError for the second of two people.
    """
    refuse_confirmed(finding)
    start_clock(finding, actor)
    note_deed("confirm_finding", finding, actor)
    tell_site([finding], "confirmed", actor=actor)
    return finding


def refuse_confirmed(finding: Finding) -> None:
    """Refuse a finding that waits for nobody's confirmation."""
    if not finding.is_unconfirmed_flag or finding.is_settled:
        raise DomainError(_("This finding does not wait to be confirmed."), code="confirmed")


def start_clock(finding: Finding, actor: User) -> None:
    """Write who confirmed a finding, its due dates from today, and which of them runs."""
    today = timezone.localdate()
    clock = find_clock(read_clocks().clocks, finding.severity, finding.topic)
    dates = set_dates(clock, discovered=today, reported=today)
    columns = {
        "confirmed_at": timezone.now(),
        "confirmed_by": actor,
        "discovered_on": today,
        "reported_on": today,
        "plan_due_on": dates.plan,
        "approval_due_on": dates.approval,
        "done_due_on": dates.done,
    }
    # A settled one starts no clock: of two people, the one who dismissed it may have been quicker.
    if not Finding.objects.filter(pk=finding.pk, state=finding.state, confirmed_at=None).update(**columns):
        raise lifecycle.changed_meanwhile()
    for name, value in columns.items():
        setattr(finding, name, value)
    lifecycle.set_running(finding, lifecycle.awaited(finding))


@transaction.atomic
def dismiss_finding(*, finding: Finding, note: str, actor: User) -> Finding:
    """Close what a rule found and a person does not confirm; raises as confirm_finding does."""
    refuse_confirmed(finding)
    if hold([finding.pk])[finding.pk].confirmed_at:
        raise lifecycle.changed_meanwhile()
    lifecycle.advance(finding, FindingState.CLOSED, actor=actor, reason=CloseReason.NOT_CONFIRMED, note=note)
    note_deed("dismiss_finding", finding, actor)
    return finding


@transaction.atomic
def merge_finding(*, finding: Finding, into: Finding, note: str, actor: User) -> Finding:
    """Close a finding because another one says the same; what was merged into it before goes along.

    Raises DomainError unless both are of one site and buyer and the other is unsettled, and for one that an
    audit raised: it stands in the report.
    """
    target = hold([finding.pk, into.pk])[into.pk]
    refuse_merge(finding, target)
    lifecycle.advance(finding, FindingState.CLOSED, actor=actor, reason=CloseReason.MERGED, note=note)
    Finding.objects.filter(pk=finding.pk).update(merged_into=target)
    Finding.objects.filter(merged_into=finding).update(merged_into=target)
    finding.merged_into = target
    note_deed("merge_finding", finding, actor, into=target.pk)
    return finding


def hold(ids: Collection[int]) -> dict[int, Finding]:
    """Return findings as they stand and keep others off them; in one order, so that two who wait do not block."""
    return {row.pk: row for row in Finding.objects.select_for_update().filter(pk__in=ids).order_by("pk")}


def refuse_merge(finding: Finding, target: Finding) -> None:
    """Refuse to merge what does not belong together."""
    if finding.source == Source.AUDIT:
        message = _("A finding of an audit stands in its report. Merge the other one into it instead.")
        raise DomainError(message, code="merge_audit")
    if (finding.site_id, finding.relationship_id) != (target.site_id, target.relationship_id):
        raise DomainError(_("These findings are not of the same site. Choose one of this site."), code="merge_place")
    if finding.pk == target.pk or target.is_settled:
        raise DomainError(_("Choose another finding of this site that is still open."), code="merge_target")


# Disputes -------------------------------------------------------------------------------------------


@transaction.atomic
def dispute_finding(*, finding: Finding, note: str, actor: User) -> Finding:
    """Say for the site that a finding is wrong; its clock stands still. Raises DomainError or ConflictError."""
    lifecycle.advance(finding, FindingState.DISPUTED, actor=actor, note=note)
    note_deed("dispute_finding", finding, actor)
    tell_judges(finding, actor=actor, note=note)
    return finding


@transaction.atomic
def decide_dispute(*, finding: Finding, upheld: bool, note: str, actor: User) -> Finding:
    """Close a disputed finding, or say that it stands: then its clock runs on. Raises DomainError or ConflictError.

    Who lets a flag stand has confirmed it.
    """
    if finding.state != FindingState.DISPUTED:
        raise DomainError(_("Nobody disputes this finding any more."), code="transition")
    if upheld:
        lifecycle.advance(finding, FindingState.CLOSED, actor=actor, reason=CloseReason.NOT_CONFIRMED, note=note)
    else:
        lifecycle.advance(finding, FindingState.OPEN, actor=actor, note=note)
        take_up(finding, actor)
        lifecycle.set_running(finding, lifecycle.awaited(finding))
    note_deed("decide_dispute", finding, actor, upheld=upheld)
    tell_site([finding], "dispute_upheld" if upheld else "dispute_refused", actor=actor, note=note)
    return finding


def take_up(finding: Finding, actor: User) -> None:
    """Confirm a flag's finding by what a person decides about it."""
    if finding.is_unconfirmed_flag:
        start_clock(finding, actor)


# What the buyer decides ------------------------------------------------------------------------------


@transaction.atomic
def make_collaborative(*, finding: Finding, note: str, actor: User) -> Finding:
    """Say that the site cannot mend it alone: no due date runs. Raises DomainError or ConflictError."""
    lifecycle.advance(finding, FindingState.COLLABORATIVE, actor=actor, note=note)
    take_up(finding, actor)
    note_deed("make_collaborative", finding, actor)
    return finding


@transaction.atomic
def close_finding(*, finding: Finding, reason: CloseReason, note: str, actor: User) -> Finding:
    """Close a finding with a reason; raises DomainError or ConflictError."""
    lifecycle.advance(finding, FindingState.CLOSED, actor=actor, reason=reason, note=note)
    note_deed("close_finding", finding, actor, reason=reason)
    return finding


@transaction.atomic
def reopen_finding(*, finding: Finding, note: str, actor: User) -> Finding:
    """Open a settled finding again and ask the site for a plan; raises DomainError or ConflictError."""
    lifecycle.advance(finding, FindingState.OPEN, actor=actor, note=note)
    undo_plan(finding, actor, note)
    lifecycle.set_running(finding, lifecycle.awaited(finding))
    note_deed("reopen_finding", finding, actor)
    if not finding.is_unconfirmed_flag:
        tell_site([finding], "confirmed", actor=actor, note=note)
    return finding


def undo_plan(finding: Finding, actor: User, note: str) -> None:
    """Make the plan that did not mend it a draft again; nothing about it counts as verified any more."""
    action = CorrectiveAction.objects.filter(finding=finding).first()
    if action is None:
        return
    CorrectiveAction.objects.filter(pk=action.pk).update(verified_how="", verified_by=None)
    action.finding = finding
    if action.state == PlanState.ACCEPTED:
        lifecycle.advance_plan(action, PlanState.DRAFT, actor=actor, reason=note)
