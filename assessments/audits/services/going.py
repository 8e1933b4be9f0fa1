"""From the first day on site to the end of the validity: every step, and the sweeps that close and expire."""

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.audits.enums import GOING_STATES, AuditState
from assessments.audits.lifecycle import advance
from assessments.audits.models import Audit, AuditConclusion
from assessments.audits.queries import programme_of
from assessments.audits.queries.people import (
    auditors_of,
    buyer_followers,
    firm_leaders,
    site_leaders,
    working_auditors,
)
from assessments.audits.queries.writing import draft_problems
from assessments.audits.scoring import recognise
from assessments.audits.services.concluding import count_conclusions
from assessments.audits.services.releasing import compare_audit, date_validity, raise_from_audit, refresh_recognition
from assessments.audits.services.requesting import given, hold, inspect_findings, record_deed
from assessments.audits.services.telling import tell_people
from assessments.findings.enums import Source
from assessments.findings.models import UNSETTLED, Finding
from portal.accounts.models import User
from portal.lib.errors import ConflictError, DomainError

# What a sweep settles and what can run out.
ACTING_STATES = (AuditState.ACTIONS_OPEN, AuditState.CLOSURE_SCHEDULED)
VALID_STATES = (*ACTING_STATES, AuditState.CLOSED)


# 1. On site ---------------------------------------------------------------------------------------
@transaction.atomic
def start_audit(*, audit: Audit, actor: User) -> Audit:
    """Begin on site: from now on conclusions are written. A closure audit's team sees the findings it checks.

    Raises DomainError naming what is missing: dates, a firm, a lead, or an auditor's declaration.
    """
    hold(audit, (AuditState.SCHEDULED,))
    refuse_unready(audit)
    advance(audit, AuditState.IN_PROGRESS, actor=actor)
    inspect_findings(audit)
    record_deed("start_audit", audit, actor)
    return audit


def refuse_unready(audit: Audit) -> None:
    """Raise DomainError with the first thing that keeps an audit from its start."""
    if audit.firm_id is None:
        raise DomainError(_("No audit firm is chosen. Choose the firm first."), code="no_firm")
    if audit.starts_on is None or audit.ends_on is None:
        raise DomainError(_("The days on site are not set. Set them first."), code="no_days")
    team = list(working_auditors(audit))
    if not any(row.is_lead for row in team):
        message = _("No auditor leads this audit. The firm's manager assigns the auditors and the lead.")
        raise DomainError(message, code="no_lead")
    silent = next((row.user for row in team if row.has_conflict is None), None)
    if silent is not None:
        message = _("%(name)s has not declared yet whether a conflict of interest exists.")
        raise DomainError(message % {"name": silent}, code="undeclared")


@transaction.atomic
def present_audit(*, audit: Audit, actor: User) -> Audit:
    """Show the site what was found; from now on it reads the conclusions. Mails the site's managers.

    Raises DomainError while nothing is concluded, ConflictError when it was presented already.
    """
    hold(audit, (AuditState.IN_PROGRESS,))
    if not AuditConclusion.objects.filter(audit=audit).exclude(conclusion="").exists():
        raise DomainError(_("Nothing is concluded yet. Write the conclusions first."), code="empty")
    now = timezone.now()
    if not Audit.objects.filter(pk=audit.pk, presented_at=None).update(presented_at=now):
        raise ConflictError(_("The findings were presented already. Reload the page to see how it stands."))
    audit.presented_at = now
    record_deed("present_audit", audit, actor)
    tell_people(audit, "presented", site_leaders(audit), event=0)
    return audit


@transaction.atomic
def acknowledge_audit(*, audit: Audit, name: str, actor: User) -> Audit:
    """Write that the site has seen the findings, by a typed name; priority findings are raised at once.

    Raises DomainError without a name and before the findings were presented; ConflictError for the second of two.
    """
    if not name.strip():
        raise DomainError(_("Type your full name to acknowledge the findings."), code="name")
    refuse_unpresented(audit)
    advance(audit, AuditState.ACKNOWLEDGED, actor=actor)
    columns = {"acknowledged_at": timezone.now(), "acknowledged_name": name.strip(), "acknowledged_by": actor}
    Audit.objects.filter(pk=audit.pk).update(**columns)
    for column, value in columns.items():
        setattr(audit, column, value)
    raise_from_audit(audit, only_priority=True, actor=actor)
    record_deed("acknowledge_audit", audit, actor, signed=name.strip())
    return audit


@transaction.atomic
def go_on_unsigned(*, audit: Audit, reason: str, actor: User) -> Audit:
    """Go on without the signature of a site that refuses or forgets it; priority findings are raised at once.

    The history keeps the reason, no name is written. Mails the site's managers. Raises DomainError without a reason,
    before the findings were presented and before the last day on site: until then the site can be asked in person.
    """
    text = given(reason)
    refuse_unpresented(audit)
    if not is_last_day(audit):
        message = _("The site can acknowledge the findings until the last day on site. Go on without it from that day.")
        raise DomainError(message, code="early")
    change = advance(audit, AuditState.ACKNOWLEDGED, actor=actor, reason=text)
    raise_from_audit(audit, only_priority=True, actor=actor)
    record_deed("go_on_unsigned", audit, actor, reason=text)
    tell_people(audit, "unsigned", site_leaders(audit), event=change.pk, note=text)
    return audit


def is_last_day(audit: Audit) -> bool:
    """Whether the last day on site has come."""
    return audit.ends_on is not None and audit.ends_on <= timezone.localdate()


def refuse_unpresented(audit: Audit) -> None:
    """Raise DomainError before the auditors have shown the site what they found."""
    if audit.presented_at is None:
        message = _("The auditors have not presented the findings yet. There is nothing to acknowledge.")
        raise DomainError(message, code="transition")


# 2. The report ------------------------------------------------------------------------------------
@transaction.atomic
def finish_draft(*, audit: Audit, actor: User) -> Audit:
    """Say that the conclusions are whole. Raises DomainError (detail: what is missing) while the draft gate is shut."""
    hold(audit, (AuditState.ACKNOWLEDGED,))
    check_draft(audit)
    advance(audit, AuditState.DRAFT, actor=actor)
    record_deed("finish_draft", audit, actor)
    return audit


def check_draft(audit: Audit) -> None:
    """Raise DomainError (detail: code per checkpoint) while something is missing in the conclusions."""
    problems = draft_problems(audit)
    if problems:
        message = ngettext(
            "The draft is not whole: %(count)d thing is missing, the first at %(checkpoint)s.",
            "The draft is not whole: %(count)d things are missing, the first at %(checkpoint)s.",
            len(problems),
        )
        facts = {"count": len(problems), "checkpoint": problems[0].checkpoint}
        detail = [{"checkpoint": one.checkpoint, "code": str(one.code)} for one in problems]
        raise DomainError(message % facts, code="draft", detail=detail)


@transaction.atomic
def hand_to_site(*, audit: Audit, actor: User) -> Audit:
    """Hand the draft to the site for its feedback. Mails the site's managers; the gate must be open still."""
    hold(audit, (AuditState.DRAFT,))
    check_draft(audit)
    change = advance(audit, AuditState.FEEDBACK, actor=actor)
    record_deed("hand_to_site", audit, actor)
    tell_people(audit, "feedback", site_leaders(audit), event=change.pk)
    return audit


@transaction.atomic
def finish_feedback(*, audit: Audit, actor: User) -> Audit:
    """Say that the site has given its feedback, or has none. Mails the firm's managers and the auditors."""
    change = advance(audit, AuditState.QUALITY_CHECK, actor=actor)
    record_deed("finish_feedback", audit, actor)
    tell_people(audit, "quality", [*firm_leaders(audit), *auditors_of(audit)], event=change.pk)
    return audit


@transaction.atomic
def return_to_draft(*, audit: Audit, reason: str, actor: User) -> Audit:
    """Give the report back to the auditors with a reason. Mails them; raises DomainError without a reason."""
    text = given(reason)
    change = advance(audit, AuditState.DRAFT, actor=actor, reason=text)
    record_deed("return_audit", audit, actor, reason=text)
    tell_people(audit, "returned", auditors_of(audit), event=change.pk, note=text)
    return audit


@transaction.atomic
def release_audit(*, audit: Audit, actor: User) -> Audit:
    """Release the report: findings are raised, compared with the self-assessment, the validity begins.

    The audit goes on to “actions open” or, without findings, to “closed”. Mails site and buyer. Raises DomainError
    while feedback of the site is not answered, ConflictError for the second of two.
    """
    refuse_unanswered(audit)
    change = advance(audit, AuditState.RELEASED, actor=actor)
    count_conclusions(audit)
    date_validity(audit)
    raise_from_audit(audit, only_priority=False, actor=actor)
    compare_audit(audit)
    refresh_recognition(audit)
    has_open = audit_findings(audit).filter(UNSETTLED).exists()
    advance(audit, AuditState.ACTIONS_OPEN if has_open else AuditState.CLOSED, actor=None)
    free_checked(audit)
    record_deed("release_audit", audit, actor, findings=audit.finding_count)
    tell_people(audit, "released", [*site_leaders(audit), *buyer_followers(audit)], event=change.pk)
    return audit


def refuse_unanswered(audit: Audit) -> None:
    """Raise DomainError while the auditors owe the site answers to its feedback."""
    count = audit.feedback.filter(replied_at=None).count()
    if count:
        message = ngettext(
            "%(count)d remark of the site is not answered yet. Answer it first.",
            "%(count)d remarks of the site are not answered yet. Answer them first.",
            count,
        )
        raise DomainError(message % {"count": count}, code="unanswered")


def free_checked(audit: Audit) -> None:
    """End what a closure audit was scheduled for: the audit it checked is closed, or its actions are open again."""
    followed = audit.follows
    if followed is None or followed.state != AuditState.CLOSURE_SCHEDULED:
        return
    is_open = audit_findings(followed).filter(UNSETTLED).exists()
    advance(followed, AuditState.ACTIONS_OPEN if is_open else AuditState.CLOSED, actor=None)


def audit_findings(audit: Audit) -> QuerySet[Finding]:
    """Return the findings an audit raised."""
    return Finding.objects.filter(source=Source.AUDIT, source_id=audit.pk)


# 3. Sweeps ----------------------------------------------------------------------------------------
def settle_audits() -> int:
    """Close audits whose findings are all settled, open those again of which one is not; returns how many moved.

    May run twice at once: of two workers one wins each audit. An audit whose closure audit is going on waits for it.
    """
    unsettled = Finding.objects.filter(UNSETTLED, source=Source.AUDIT, source_id=OuterRef("pk"))
    going = Audit.objects.filter(follows=OuterRef("pk"), state__in=GOING_STATES)
    refresh_levels()
    done = Audit.objects.filter(~Exists(unsettled), ~Exists(going), state__in=ACTING_STATES)
    again = Audit.objects.filter(Exists(unsettled), state=AuditState.CLOSED)
    return move_all(done, AuditState.CLOSED) + move_all(again, AuditState.ACTIONS_OPEN)


def expire_audits() -> int:
    """Expire audits whose validity has ended; returns how many. May run twice at once."""
    return move_all(
        Audit.objects.filter(state__in=VALID_STATES, valid_until__lt=timezone.localdate()), AuditState.EXPIRED
    )


def move_all(audits: QuerySet[Audit], target: AuditState) -> int:
    """Move each audit on its own; one that somebody moved meanwhile is left as it is. Returns how many moved."""
    moved = 0
    for audit in audits.select_related("programme").order_by("pk"):
        try:
            with transaction.atomic():
                advance(audit, target, actor=None)
                refresh_recognition(audit)
        except ConflictError:
            continue
        moved += 1
    return moved


def refresh_levels() -> None:
    """Refresh the recognition that rose or fell with what the audits' findings became; three queries when none did."""
    acting = Audit.objects.filter(state__in=ACTING_STATES).exclude(score=None)
    unsettled = Finding.objects.filter(UNSETTLED, source=Source.AUDIT, source_id__in=acting.values("pk"))
    severities: dict[int, set[str]] = {}
    for audit_id, severity in unsettled.values_list(F("source_id"), "severity").distinct():
        severities.setdefault(audit_id, set()).add(severity)
    for audit in acting.select_related("programme"):
        score = None if audit.score is None else float(audit.score)
        if recognise(programme_of(audit.programme), score, severities.get(audit.pk, set())) != audit.recognition:
            refresh_recognition(audit)
