"""The corrective action of a finding: plan, approval, what is done, verification. Rights are the caller's."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.findings import lifecycle
from assessments.findings.enums import WRITABLE_PLANS, FindingState, PlanState, Severity, Verification
from assessments.findings.models import ActionComment, CorrectiveAction, Finding
from assessments.findings.services.following import note_deed
from assessments.findings.services.telling import tell_manager, tell_site
from portal.accounts.models import User
from portal.lib.errors import ConflictError, DomainError

PLAN_FIELDS = (
    "no_action",
    "no_action_reason",
    "containment",
    "root_cause",
    "corrective",
    "preventive",
    "owner_name",
    "owner_email",
    "starts_on",
    "planned_on",
)


# 1. The plan ---------------------------------------------------------------------------------------
@transaction.atomic
def save_plan(*, finding: Finding, base_version: int, actor: User, **fields: Any) -> CorrectiveAction:
    """Write the plan's texts and dates if it still is at `base_version` (0: there is none yet).

    Saving what stands already changes nothing. Raises ConflictError with what stands as its detail when
    somebody else saved meanwhile, and DomainError when the plan cannot be written now.
    """
    given = clean_fields(fields)
    action = plan_to_write(finding, actor)
    if action is None:
        if base_version:
            raise plan_changed(None)
        return create_plan(finding, given, actor)
    if same_plan(action, given):
        return action
    columns = {**given, "updated_by": actor, "updated_at": timezone.now()}
    standing = CorrectiveAction.objects.filter(pk=action.pk, version=base_version, state__in=WRITABLE_PLANS)
    if not standing.update(**columns, version=F("version") + 1):
        action.refresh_from_db()
        raise plan_changed(action)
    action.refresh_from_db()
    note_plan("save_plan", action, finding, actor)
    return action


def clean_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a plan, texts trimmed; a field the plan does not have is a TypeError."""
    if unknown := set(fields) - set(PLAN_FIELDS):
        raise TypeError(f"A plan has no {', '.join(sorted(unknown))}.")
    return {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}


def plan_to_write(finding: Finding, actor: User) -> CorrectiveAction | None:
    """Return the plan, None when there is none yet; raises DomainError where no plan can be written.

    A plan accepted before its finding was opened again becomes a draft once more.
    """
    finding.refresh_from_db(fields=["state", "confirmed_at"])
    refuse_unplannable(finding)
    action = CorrectiveAction.objects.filter(finding=finding).first()
    if action is None:
        return None
    action.finding = finding
    if action.state == PlanState.ACCEPTED:
        lifecycle.advance_plan(action, PlanState.DRAFT, actor=actor)
    if action.state not in WRITABLE_PLANS:
        message = _("The plan was submitted and waits for a decision. Take it back first, then change it.")
        raise DomainError(message, code="submitted")
    return action


def refuse_unplannable(finding: Finding) -> None:
    """Refuse a plan for a finding nobody confirmed, or that is not open."""
    if finding.is_unconfirmed_flag:
        message = _("The buyer has not confirmed this finding yet. A plan can be written once it is confirmed.")
        raise DomainError(message, code="unconfirmed")
    if finding.state != FindingState.OPEN:
        message = _("A plan can be written while the finding is open. This one is “%(state)s”.")
        raise DomainError(message % {"state": finding.get_state_display()}, code="state")


def same_plan(action: CorrectiveAction, given: Mapping[str, Any]) -> bool:
    """Whether the plan says all this already."""
    return all(getattr(action, name) == value for name, value in given.items())


def create_plan(finding: Finding, given: Mapping[str, Any], actor: User) -> CorrectiveAction:
    """Write the first version of a plan, unless somebody else just did."""
    values = {**given, "updated_by": actor, "updated_at": timezone.now()}
    action, created = CorrectiveAction.objects.get_or_create(finding=finding, defaults=values)
    if not created and not same_plan(action, given):
        raise plan_changed(action)
    note_plan("save_plan", action, finding, actor)
    return action


def plan_changed(action: CorrectiveAction | None) -> ConflictError:
    """The error for the second of two people who write one plan; its detail is what stands."""
    who = str(action.updated_by) if action and action.updated_by else _("Somebody else")
    message = _("%(person)s saved this plan a moment ago. Compare what stands with what you wrote, then save again.")
    return ConflictError(message % {"person": who}, code="changed", detail=action)


@transaction.atomic
def submit_plan(*, finding: Finding, actor: User) -> CorrectiveAction:
    """Hand the plan to whoever decides on it, and tell them; the clock of the approval runs.

    Raises DomainError that names everything missing.
    """
    return submit_plans(findings=[finding], actor=actor)[0]


@transaction.atomic
def submit_plans(*, findings: Iterable[Finding], actor: User) -> list[CorrectiveAction]:
    """Hand in several plans at once, all or none, with one mail to each who decides; raises as submit_plan does."""
    actions = [hand_in(finding, actor) for finding in findings]
    tell_manager([action.finding for action in actions], "submitted", actor=actor)
    return actions


def hand_in(finding: Finding, actor: User) -> CorrectiveAction:
    """Move a complete plan to submitted."""
    action = plan_to_write(finding, actor)
    problems = plan_problems(finding, action)
    if action is None or problems:
        raise DomainError(" ".join(problems), code="incomplete", detail=problems)
    lifecycle.advance_plan(action, PlanState.SUBMITTED, actor=actor)
    note_plan("submit_plan", action, finding, actor)
    return action


def plan_problems(finding: Finding, action: CorrectiveAction | None) -> list[str]:
    """Return what a plan still lacks, a sentence each; empty when it can be submitted."""
    if action is None:
        return [_("There is no plan yet.")]
    if action.state == PlanState.REJECTED and action.decided_at and action.updated_at <= action.decided_at:
        return [_("The plan was sent back and has not been changed since.")]
    if action.no_action:
        return [] if action.no_action_reason else [_("Say why no action is taken.")]
    wanted = {
        "root_cause": _("The root cause is missing."),
        "corrective": _("The corrective action is missing."),
        "preventive": _("The preventive action is missing."),
        "owner_name": _("Nobody is named who is responsible."),
        "planned_on": _("The day by which it is done is missing."),
    }
    if finding.severity == Severity.PRIORITY:
        wanted = {"containment": _("A priority finding needs a containment: what was done at once.")} | wanted
    return [sentence for name, sentence in wanted.items() if not getattr(action, name)] + day_problems(finding, action)


def day_problems(finding: Finding, action: CorrectiveAction) -> list[str]:
    """Return what is wrong with the days of a plan."""
    problems = []
    if action.planned_on and finding.done_due_on and action.planned_on > finding.done_due_on:
        problems.append(_("The planned day is after the day by which it must be done. Ask for a later date first."))
    if action.planned_on and action.starts_on and action.starts_on > action.planned_on:
        problems.append(_("The plan starts after the day by which it is done."))
    return problems


@transaction.atomic
def withdraw_plan(*, finding: Finding, actor: User) -> CorrectiveAction:
    """Take a submitted plan back to change it."""
    action = plan_of(finding)
    lifecycle.advance_plan(action, PlanState.DRAFT, actor=actor)
    note_plan("withdraw_plan", action, finding, actor)
    return action


@transaction.atomic
def accept_plan(*, finding: Finding, note: str, actor: User, version: int | None = None) -> CorrectiveAction:
    """Agree to a submitted plan: the action may begin, or, with a reason given, none is needed.

    A finding without a date of its own is due when the plan says. Raises ConflictError where the plan is no longer
    at the `version` that was read: the site may have taken it back, changed it and handed it in again.
    """
    action = plan_of(finding)
    if version not in (None, action.version):
        message = _("The site changed this plan after you opened the page. Read it again, then decide.")
        raise ConflictError(message, code="changed")
    lifecycle.advance_plan(action, PlanState.ACCEPTED, actor=actor, reason=note.strip())
    if finding.done_due_on is None and not action.no_action:
        finding.done_due_on = action.planned_on
        finding.save(update_fields=["done_due_on"])
    target = FindingState.NO_ACTION if action.no_action else FindingState.ACTION_AGREED
    lifecycle.advance(finding, target, actor=actor, note=note.strip())
    note_plan("accept_plan", action, finding, actor)
    tell_site([finding], "accepted", actor=actor, note=note.strip())
    return action


@transaction.atomic
def reject_plan(*, finding: Finding, reason: str, actor: User) -> CorrectiveAction:
    """Send a submitted plan back with the reason; the clock of the plan runs again."""
    action = plan_of(finding)
    said = said_reason(reason)
    lifecycle.advance_plan(action, PlanState.REJECTED, actor=actor, reason=said)
    note_plan("reject_plan", action, finding, actor, reason=said)
    tell_site([finding], "rejected", actor=actor, note=said)
    return action


@transaction.atomic
def ask_new_plan(*, finding: Finding, reason: str, actor: User) -> CorrectiveAction:
    """Ask for another plan after one was agreed: the finding is open and the plan a draft again."""
    action = plan_of(finding)
    said = said_reason(reason)
    if finding.state not in (FindingState.ACTION_AGREED, FindingState.IN_PROGRESS):
        raise DomainError(_("A new plan can be asked for while an agreed action is not done."), code="transition")
    lifecycle.advance(finding, FindingState.OPEN, actor=actor, note=said)
    lifecycle.advance_plan(action, PlanState.DRAFT, actor=actor, reason=said)
    note_plan("ask_new_plan", action, finding, actor, reason=said)
    tell_site([finding], "new_plan", actor=actor, note=said)
    return action


# 2. The action -------------------------------------------------------------------------------------
@transaction.atomic
def start_action(*, finding: Finding, actor: User) -> Finding:
    """Begin the agreed action."""
    lifecycle.advance(finding, FindingState.IN_PROGRESS, actor=actor)
    note_deed("start_action", finding, actor)
    return finding


@transaction.atomic
def finish_action(*, finding: Finding, note: str, actor: User) -> Finding:
    """Say that it is done; raises DomainError without any evidence or word about it."""
    if not note.strip() and not finding.files.exists():
        message = _("Add a file that shows what was done, or write what was done and how it can be checked.")
        raise DomainError(message, code="no_evidence")
    lifecycle.advance(finding, FindingState.DONE, actor=actor, note=note.strip())
    note_deed("finish_action", finding, actor)
    tell_manager([finding], "finished", actor=actor, note=note.strip())
    return finding


@transaction.atomic
def verify_action(*, finding: Finding, how: Verification, note: str, actor: User) -> Finding:
    """Confirm, at the desk or on site, that it is mended. Of two who press at once one gets ConflictError."""
    lifecycle.advance(finding, FindingState.VERIFIED, actor=actor, note=note.strip())
    facts = {"verified_how": how, "verified_by": actor}
    # A collaborative finding may be mended without any plan.
    CorrectiveAction.objects.update_or_create(
        finding=finding, defaults=facts, create_defaults={**facts, "updated_at": timezone.now()}
    )
    note_deed("verify_action", finding, actor, how=how)
    tell_site([finding], "verified", actor=actor, note=note.strip())
    return finding


@transaction.atomic
def send_back_action(*, finding: Finding, reason: str, actor: User) -> Finding:
    """Say what is still missing; the action is in progress again."""
    said = said_reason(reason)
    if finding.state != FindingState.DONE:
        raise DomainError(_("Only an action that is done can be sent back."), code="transition")
    lifecycle.advance(finding, FindingState.IN_PROGRESS, actor=actor, note=said)
    note_deed("send_back_action", finding, actor, reason=said)
    tell_site([finding], "sent_back", actor=actor, note=said)
    return finding


@transaction.atomic
def add_comment(*, finding: Finding, text: str, actor: User) -> ActionComment:
    """Say something to the other side; raises DomainError without a word."""
    if not text.strip():
        raise DomainError(_("Write a comment first."), code="empty")
    comment = ActionComment.objects.create(finding=finding, author=actor, text=text.strip())
    note_deed("add_comment", finding, actor)
    return comment


# 3. What they share --------------------------------------------------------------------------------
def plan_of(finding: Finding) -> CorrectiveAction:
    """Return the plan of a finding with that very finding behind it; raises DomainError when there is none."""
    action = CorrectiveAction.objects.filter(finding=finding).first()
    if action is None:
        raise DomainError(_("There is no plan yet."), code="no_plan")
    action.finding = finding
    return action


def said_reason(reason: str) -> str:
    """Return a reason; raises DomainError for an empty one."""
    if not reason.strip():
        raise DomainError(_("Write the reason, so that the other side knows what to change."), code="reason")
    return reason.strip()


def note_plan(deed: str, action: CorrectiveAction, finding: Finding, actor: User, **detail: Any) -> None:
    """Record a deed on a plan with its version."""
    note_deed(deed, finding, actor, version=action.version, **detail)
