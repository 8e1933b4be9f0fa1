"""From the wish for an audit to the team that goes: ask, answer, choose the firm, set the days, assign, declare."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.audits.document import Kind
from assessments.audits.enums import GOING_STATES, Asker, AuditState, Payer
from assessments.audits.lifecycle import advance
from assessments.audits.models import Audit, AuditAssignment, AuditSchedule, ProgrammeVersion
from assessments.audits.queries import programme_of
from assessments.audits.queries.people import (
    askers_of,
    auditors_of,
    buyer_followers,
    firm_leaders,
    site_leaders,
)
from assessments.audits.services.firms import check_engaged, check_people
from assessments.audits.services.programmes import freeze_programme
from assessments.audits.services.telling import tell_people
from assessments.findings.enums import Source
from assessments.findings.services.raising import set_inspectors
from portal.accounts.models import User
from portal.lib.errors import ConflictError, DomainError
from portal.trail.services import record
from suppliers.organisations.models import Organisation, Relationship, Site

LONGEST_DAYS = 60
YEARS = (2000, 2100)
# The firm can be changed until somebody goes to the site, its team until the report is out.
FIRM_STATES = (AuditState.REQUESTED, AuditState.ACCEPTED, AuditState.SCHEDULED)
TEAM_STATES = tuple(state for state in GOING_STATES if state != AuditState.REQUESTED)


# 1. Ask and answer --------------------------------------------------------------------------------
@transaction.atomic
def request_audit(
    *,
    relationship: Relationship,
    site: Site,
    programme_code: str,
    kind: str,
    asked_by: Asker,
    actor: User | None,
    reason: str = "",
    preferred_on: date | None = None,
    payer: Payer | str = Payer.BUYER,
    scope: str = "",
    firm: Organisation | None = None,
    follows: Audit | None = None,
    schedule: AuditSchedule | None = None,
) -> Audit:
    """Ask for an audit of a site; one that follows another moves that to “closure scheduled”.

    Writes the trail and mails the side that answers. Raises DomainError for a site that cannot be audited, an
    unknown kind, a firm that is not engaged, and while an audit of this kind is going on at the site.
    """
    held = Relationship.objects.select_for_update().get(pk=relationship.pk)
    check_site(held, site)
    version = follows.programme if follows else freeze_programme(programme_code, buyer=relationship.buyer)
    check_kind(kind_of(version, kind), follows)
    refuse_second(held, site, kind)
    if firm is not None:
        check_engaged(held.buyer_id, firm)
    audit = Audit.objects.create(
        relationship=relationship,
        site=site,
        programme=version,
        kind=kind,
        follows=follows,
        asked_by=asked_by,
        asker=actor,
        schedule=schedule,
        reason=reason.strip(),
        preferred_on=preferred_on,
        payer=payer,
        scope=scope.strip(),
        firm=firm,
    )
    if follows is not None:
        advance(follows, AuditState.CLOSURE_SCHEDULED, actor=actor)
    record_deed("request_audit", audit, actor, kind=kind)
    tell_people(audit, "requested", answerers_of(audit), event=0)
    return audit


def check_site(bond: Relationship, site: Site) -> None:
    """Raise DomainError unless the buyer still buys and the site still works."""
    today = timezone.localdate()
    if site.organisation_id != bond.supplier_id:
        raise DomainError(_("This site does not belong to the supplier. Choose one of its sites."), code="site")
    if site.closed_on is not None:
        raise DomainError(_("This site is closed. Choose one that is open."), code="site_closed")
    if bond.ended_on is not None and bond.ended_on <= today:
        raise DomainError(_("The relationship with this supplier has ended. Nothing can be audited."), code="ended")


def kind_of(version: ProgrammeVersion, code: str) -> Kind:
    """Return a kind of the programme; raise DomainError for one it does not know."""
    try:
        return programme_of(version).kind(code)
    except KeyError as error:
        message = _("The programme has no such kind of audit. Choose one from the list.")
        raise DomainError(message, code="kind") from error


def check_kind(kind: Kind, follows: Audit | None) -> None:
    """Raise DomainError for a closure audit of nothing and for a first audit that follows one."""
    if kind.follows and follows is None:
        message = _("This kind checks an earlier audit. Open that audit and plan the closure audit there.")
        raise DomainError(message, code="follows")
    if follows is not None and not kind.follows:
        raise DomainError(_("This kind does not check an earlier audit. Choose a closure audit."), code="follows")


def refuse_second(bond: Relationship, site: Site, kind: str) -> None:
    """Raise DomainError while an audit of the kind is going on; the relationship is held, so two cannot slip in."""
    if Audit.objects.filter(relationship=bond, site=site, kind=kind, state__in=GOING_STATES).exists():
        message = _("An audit of this kind is going on at this site already. Open it in the list of audits.")
        raise DomainError(message, code="going")


def answerers_of(audit: Audit) -> list[User]:
    """Return who accepts or declines: the side that did not ask."""
    return buyer_followers(audit) if audit.asked_by == Asker.SITE else site_leaders(audit)


@transaction.atomic
def accept_audit(*, audit: Audit, actor: User) -> Audit:
    """Accept an audit. Mails who asked and the firm; raises DomainError or ConflictError."""
    change = advance(audit, AuditState.ACCEPTED, actor=actor)
    record_deed("accept_audit", audit, actor)
    tell_people(audit, "accepted", [*askers_of(audit), *firm_leaders(audit)], event=change.pk)
    return audit


@transaction.atomic
def decline_audit(*, audit: Audit, reason: str, actor: User) -> Audit:
    """Decline an audit with a reason. Mails who asked; raises DomainError without a reason."""
    text = given(reason)
    change = advance(audit, AuditState.DECLINED, actor=actor, reason=text)
    free_followed(audit, actor)
    record_deed("decline_audit", audit, actor, reason=text)
    tell_people(audit, "declined", askers_of(audit), event=change.pk, note=text)
    return audit


@transaction.atomic
def ask_again(*, audit: Audit, actor: User) -> Audit:
    """Ask once more after a no. Mails the side that answers; raises DomainError or ConflictError."""
    held = Relationship.objects.select_for_update().get(pk=audit.relationship_id)
    check_site(held, audit.site)
    refuse_second(held, audit.site, audit.kind)
    change = advance(audit, AuditState.REQUESTED, actor=actor)
    if audit.follows is not None:
        advance(audit.follows, AuditState.CLOSURE_SCHEDULED, actor=actor)
    record_deed("ask_again", audit, actor)
    tell_people(audit, "requested", answerers_of(audit), event=change.pk)
    return audit


@transaction.atomic
def cancel_audit(*, audit: Audit, reason: str, actor: User) -> Audit:
    """Call an audit off with a reason; the audit it follows has its actions open again. Mails everybody on it."""
    text = given(reason)
    change = advance(audit, AuditState.CANCELLED, actor=actor, reason=text)
    free_followed(audit, actor)
    record_deed("cancel_audit", audit, actor, reason=text)
    people = [*site_leaders(audit), *firm_leaders(audit), *auditors_of(audit), *buyer_followers(audit)]
    tell_people(audit, "cancelled", [user for user in people if user != actor], event=change.pk, note=text)
    return audit


def free_followed(audit: Audit, actor: User | None) -> None:
    """Move the audit that a closure audit was to check back to “actions open”."""
    followed = audit.follows
    if followed is not None and followed.state == AuditState.CLOSURE_SCHEDULED:
        advance(followed, AuditState.ACTIONS_OPEN, actor=actor)


# 2. Firm and days ---------------------------------------------------------------------------------
@transaction.atomic
def choose_firm(*, audit: Audit, firm: Organisation, actor: User) -> Audit:
    """Give an audit to a firm; another firm's auditors leave it. Mails the firm's managers.

    Raises DomainError when the firm is not engaged or somebody is on site already.
    """
    held = hold(audit, FIRM_STATES)
    check_engaged(held.relationship.buyer_id, firm)
    if held.firm_id == firm.pk:
        return audit
    AuditAssignment.objects.filter(audit=audit).delete()
    Audit.objects.filter(pk=audit.pk).update(firm=firm)
    audit.firm = firm
    entry = record_deed("choose_firm", audit, actor, firm=firm.name)
    tell_people(audit, "firm", firm_leaders(audit), event=entry)
    return audit


@transaction.atomic
def schedule_audit(*, audit: Audit, starts_on: date, ends_on: date, actor: User) -> Audit:
    """Set or change the days on site. Mails the site, the firm and the auditors.

    Raises DomainError for days in the wrong order and for an audit that is not accepted or has begun.
    """
    check_days(starts_on, ends_on)
    held = hold(audit, (AuditState.ACCEPTED, AuditState.SCHEDULED))
    if (held.state, held.starts_on, held.ends_on) == (AuditState.SCHEDULED, starts_on, ends_on):
        return audit
    Audit.objects.filter(pk=audit.pk).update(starts_on=starts_on, ends_on=ends_on)
    audit.starts_on, audit.ends_on = starts_on, ends_on
    if audit.state == AuditState.ACCEPTED:
        advance(audit, AuditState.SCHEDULED, actor=actor)
    entry = record_deed("schedule_audit", audit, actor, first=starts_on.isoformat(), last=ends_on.isoformat())
    tell_people(audit, "scheduled", [*site_leaders(audit), *firm_leaders(audit), *auditors_of(audit)], event=entry)
    return audit


def check_days(starts_on: date, ends_on: date) -> None:
    """Raise DomainError for days in the wrong order, too far apart to be one audit, or in a year nobody meant."""
    if not YEARS[0] <= starts_on.year < YEARS[1]:
        message = _("The days on site lie in the year %(year)d. Check the year.")
        raise DomainError(message % {"year": starts_on.year}, code="year")
    if ends_on < starts_on:
        raise DomainError(_("The last day lies before the first. Enter a later last day."), code="order")
    if (ends_on - starts_on).days > LONGEST_DAYS:
        message = _("An audit takes at most %(days)d days on site. Check the dates.")
        raise DomainError(message % {"days": LONGEST_DAYS}, code="too_long")


# 3. The team --------------------------------------------------------------------------------------
@transaction.atomic
def assign_auditors(*, audit: Audit, users: Sequence[User], lead: User, actor: User) -> list[AuditAssignment]:
    """Put these people of the firm on the audit, one as the lead; others leave it. Mails who is new.

    A declared conflict of interest stays on record and keeps its person off. Raises DomainError for strangers, for a
    lead who is not among them, and once the report is out.
    """
    held = hold(audit, TEAM_STATES)
    firm, wanted = held.firm, list({user.pk: user for user in users}.values())
    if firm is None:
        raise DomainError(_("Choose the audit firm first."), code="no_firm")
    if lead not in wanted:
        raise DomainError(_("Choose the lead among the auditors of this audit."), code="lead")
    check_people(firm, wanted)
    refuse_conflicted(audit, wanted)
    AuditAssignment.objects.filter(audit=audit).exclude(has_conflict=True).exclude(user__in=wanted).delete()
    known = set(audit.assignments.values_list("user_id", flat=True))
    fresh = [user for user in wanted if user.pk not in known]
    AuditAssignment.objects.bulk_create(AuditAssignment(audit=audit, user=user) for user in fresh)
    audit.assignments.filter(user=lead).update(is_lead=True)
    audit.assignments.exclude(user=lead).update(is_lead=False)
    inspect_findings(audit)
    entry = record_deed("assign_auditors", audit, actor, people=[user.email for user in wanted])
    tell_people(audit, "assigned", fresh, event=entry)
    return list(audit.assignments.filter(user__in=wanted).order_by("-is_lead", "pk"))


def refuse_conflicted(audit: Audit, users: Sequence[User]) -> None:
    """Raise DomainError when somebody has declared a conflict of interest on this audit."""
    found = audit.assignments.filter(has_conflict=True, user__in=users).select_related("user").first()
    if found is not None:
        message = _("%(name)s has declared a conflict of interest and cannot be on this audit.")
        raise DomainError(message % {"name": found.user}, code="conflict")


@transaction.atomic
def declare_interest(
    *, assignment: AuditAssignment, has_conflict: bool, statement: str = "", actor: User
) -> AuditAssignment:
    """Write an auditor's own word on conflicts of interest; a conflict takes them off and is told to the firm.

    A conflict can be declared until the report is out and is not taken back. Raises DomainError without a
    statement of what it is, for somebody else's word, and ConflictError when it was declared already.
    """
    if assignment.user_id != actor.pk:
        raise DomainError(_("Only the auditors themselves can declare this."), code="not_own")
    text = statement.strip()
    if has_conflict and not text:
        raise DomainError(_("Say in a sentence what the conflict of interest is."), code="reason")
    audit = assignment.audit
    hold(audit, TEAM_STATES)
    columns = {"declared_at": timezone.now(), "has_conflict": has_conflict, "statement": text}
    undecided = Q(has_conflict=None) | Q(has_conflict=False) if has_conflict else Q(has_conflict=None)
    if not AuditAssignment.objects.filter(undecided, pk=assignment.pk).update(**columns):
        raise ConflictError(_("This was declared already. Reload the page to see how it stands."))
    for name, value in columns.items():
        setattr(assignment, name, value)
    entry = record_deed("declare_interest", audit, actor, conflict=has_conflict)
    if has_conflict:
        take_off(assignment, event=entry)
    return assignment


def take_off(assignment: AuditAssignment, *, event: int) -> None:
    """Take an auditor with a conflict off the lead and off the findings, and tell the firm's managers."""
    audit = assignment.audit
    AuditAssignment.objects.filter(pk=assignment.pk).update(is_lead=False)
    assignment.is_lead = False
    inspect_findings(audit)
    note = _("%(name)s: %(statement)s") % {"name": assignment.user, "statement": assignment.statement}
    tell_people(audit, "conflict", firm_leaders(audit), event=event, note=note)


def inspect_findings(audit: Audit) -> None:
    """Let the team see the findings of its audit, and those of the audit that it checks once it is on site."""
    set_inspectors(source=Source.AUDIT, source_id=audit.pk, users=inspectors_of(audit))
    if audit.follows is not None and audit.started_at is not None:
        set_inspectors(source=Source.AUDIT, source_id=audit.follows.pk, users=inspectors_of(audit.follows))


def inspectors_of(audit: Audit) -> list[User]:
    """Return the auditors of an audit and of the audits that check it."""
    teams = [auditors_of(audit)]
    teams += [auditors_of(later) for later in audit.followed_by.exclude(started_at=None)]
    return list({user.pk: user for team in teams for user in team}.values())


# What the deeds share -----------------------------------------------------------------------------
def hold(audit: Audit, states: Sequence[AuditState]) -> Audit:
    """Lock the audit and return it as it stands; raise DomainError unless it is in one of the states."""
    held = Audit.objects.select_for_update(of=("self",)).select_related("relationship", "firm").get(pk=audit.pk)
    if held.state not in states:
        message = _("This is not possible while the audit is “%(state)s”.")
        raise DomainError(message % {"state": AuditState(held.state).label}, code="transition")
    return held


def given(reason: str) -> str:
    """Return the reason; raise DomainError when there is none."""
    if not reason.strip():
        raise DomainError(_("Write the reason, so that the other side understands."), code="reason")
    return reason.strip()


def record_deed(deed: str, audit: Audit, actor: User | None, **detail: Any) -> int:
    """Write a deed on an audit into the buyer's record; returns the number of the entry."""
    entry = record(
        deed,
        actor=actor,
        thing=audit,
        organisation_id=audit.relationship.buyer_id,
        name=audit.site.name,
        **detail,
    )
    return entry.pk
