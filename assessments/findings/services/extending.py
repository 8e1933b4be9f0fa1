"""Later dates: the site asks, whoever manages the action decides. Rights are the caller's."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.findings import lifecycle
from assessments.findings.enums import Due, ExtensionState, FindingState
from assessments.findings.models import Extension, Finding
from assessments.findings.services.following import note_deed
from assessments.findings.services.planning import said_reason
from assessments.findings.services.telling import tell_manager, tell_site
from portal.accounts.models import User
from portal.lib.errors import DomainError

ASKABLE = (Due.PLAN, Due.DONE)
FURTHEST = timedelta(days=730)


@transaction.atomic
def ask_extension(*, finding: Finding, due: Due, wanted_on: date, reason: str, actor: User) -> Extension:
    """Ask for a later day for the plan or the action; one wish per date waits at a time.

    Raises DomainError for a date that does not run, a day that is no later, and a second wish.
    """
    said = said_reason(reason)
    was_on = running_day(finding, due)
    check_day(finding, due, was_on, wanted_on)
    try:
        with transaction.atomic():
            wish = Extension.objects.create(
                finding=finding, due=due, was_on=was_on, wanted_on=wanted_on, reason=said, asked_by=actor
            )
    except IntegrityError as error:
        message = _("A later date was asked for already. Wait until that is decided.")
        raise DomainError(message, code="asked") from error
    note_deed("ask_extension", finding, actor, due=due, before=was_on.isoformat(), after=wanted_on.isoformat())
    tell_manager([finding], "extension_asked", actor=actor, note=said)
    return wish


def askable_dues(finding: Finding) -> list[Due]:
    """Return the dates that the site may ask to move now."""
    if finding.is_settled or finding.state in (FindingState.DONE, FindingState.DISPUTED, FindingState.COLLABORATIVE):
        return []
    days = {
        Due.PLAN: finding.plan_due_on if finding.next_due == Due.PLAN else None,
        Due.DONE: finding.done_due_on,
    }
    return [due for due in ASKABLE if days[due]]


def running_day(finding: Finding, due: Due) -> date:
    """Return the day a date stands at; raises DomainError for one that cannot be moved now."""
    day = finding.plan_due_on if due is Due.PLAN else finding.done_due_on
    if due not in askable_dues(finding) or day is None:
        raise DomainError(_("This date does not run now, so it cannot be moved."), code="not_running")
    return day


def check_day(finding: Finding, due: Due, was_on: date, wanted_on: date) -> None:
    """Refuse a day that is past, no later, too far away, or after the action itself is due."""
    if wanted_on <= was_on or wanted_on < timezone.localdate():
        raise DomainError(_("Choose a day after the one that stands and not in the past."), code="day")
    if wanted_on > max(was_on, timezone.localdate()) + FURTHEST:
        raise DomainError(_("Choose a day within the next two years."), code="day")
    if due is Due.PLAN and finding.done_due_on and wanted_on > finding.done_due_on:
        message = _("The plan cannot be due after the action itself. Ask for a later day for the action first.")
        raise DomainError(message, code="day")


@transaction.atomic
def decide_extension(*, extension: Extension, granted: bool, note: str, actor: User) -> Extension:
    """Grant a later day, which then runs, or refuse it with a note; the old day stays in the wish.

    Raises DomainError for a settled finding: what was late stays late.
    """
    finding = extension.finding
    finding.refresh_from_db(fields=["state"])
    if finding.is_settled:
        raise DomainError(_("This finding is settled. No date of it runs any more."), code="settled")
    said = note.strip() if granted else said_reason(note)
    target = ExtensionState.GRANTED if granted else ExtensionState.REFUSED
    lifecycle.advance_extension(extension, target, actor=actor, note=said)
    if granted:
        move_dates(finding, Due(extension.due), extension.wanted_on)
    note_deed("decide_extension", finding, actor, due=extension.due, granted=granted)
    tell_site([finding], "extension_granted" if granted else "extension_refused", actor=actor, note=said)
    return extension


def move_dates(finding: Finding, due: Due, day: date) -> None:
    """Write a new day and let it run; a later plan moves its approval by as many days."""
    finding.refresh_from_db(fields=["state", "next_due", "plan_due_on", "approval_due_on", "done_due_on"])
    if due is Due.DONE:
        finding.done_due_on = day
    else:
        if finding.approval_due_on and finding.plan_due_on:
            finding.approval_due_on += day - finding.plan_due_on
        finding.plan_due_on = day
    finding.save(update_fields=["plan_due_on", "approval_due_on", "done_due_on"])
    if finding.next_due:
        lifecycle.set_running(finding, Due(finding.next_due))
