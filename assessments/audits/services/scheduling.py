"""Schedules: a buyer's rules by which audits are asked for, and the sweep that asks."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.audits.enums import Asker
from assessments.audits.models import AuditSchedule
from assessments.audits.queries.programmes import offered_programmes
from assessments.audits.queries.schedules import due_sites, room_of
from assessments.audits.services.firms import check_engaged
from assessments.audits.services.requesting import request_audit
from portal.accounts.models import User
from portal.lib.errors import DomainError
from portal.trail.services import record
from suppliers.organisations.models import Relationship, Site

logger = logging.getLogger(__name__)


@transaction.atomic
def save_schedule(*, schedule: AuditSchedule, actor: User) -> AuditSchedule:
    """Save a new or changed schedule; the sweep goes by it from then on. Writes the trail.

    Raises DomainError for a kind that no first audit has, a firm that is not engaged, and without months: a site must
    not be asked for again as soon as an audit of it is over.
    """
    check_schedule(schedule)
    if schedule._state.adding:
        schedule.created_by = actor
    schedule.save()
    record(
        "save_schedule",
        actor=actor,
        thing=schedule,
        organisation_id=schedule.buyer_id,
        name=schedule.name,
        active=schedule.is_active,
    )
    return schedule


def check_schedule(schedule: AuditSchedule) -> None:
    """Raise DomainError for a schedule that could not ask for an audit, or would ask without end.

    One that rests may keep a programme that was withdrawn.
    """
    offer = offered_programmes(schedule.buyer).get(schedule.programme_code)
    kinds = [kind.code for kind in offer.programme.kinds if not kind.follows] if offer else []
    if schedule.kind not in kinds and (schedule.is_active or schedule._state.adding):
        raise DomainError(_("Choose a programme and kind that this schedule can ask for."), code="kind")
    if not schedule.months:
        raise DomainError(_("Say how many months after the last audit a site is due again."), code="months")
    if schedule.firm is not None:
        check_engaged(schedule.buyer_id, schedule.firm)


def request_due_audits() -> int:
    """Ask for every audit that a schedule says is due; returns how many. May run twice at once."""
    active = AuditSchedule.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True)
    return sum(request_by(schedule_id) for schedule_id in active)


@transaction.atomic
def request_by(schedule_id: int) -> int:
    """Ask for what one schedule says is due, within its number per month; returns how many.

    The schedule is held meanwhile: a second worker waits, counts again and finds the sites being asked already.
    """
    held = AuditSchedule.objects.select_for_update(of=("self",)).select_related("buyer", "firm")
    schedule = held.filter(pk=schedule_id, is_active=True).first()
    room = room_of(schedule) if schedule else 0
    if schedule is None or not room:
        return 0
    sites = list(due_sites(schedule).select_related("organisation")[:room])
    related = Relationship.objects.select_related("buyer", "supplier")
    bonds = related.in_bulk([site.bond for site in sites])
    return sum(request_one(schedule, site, bonds[site.bond]) for site in sites)


def request_one(schedule: AuditSchedule, site: Site, bond: Relationship) -> int:
    """Ask for one audit; a site that was closed or asked a moment ago is left out. Returns 1 or 0."""
    day = timezone.localdate() + timedelta(days=schedule.lead_days)
    try:
        with transaction.atomic():
            request_audit(
                relationship=bond,
                site=site,
                programme_code=schedule.programme_code,
                kind=schedule.kind,
                asked_by=Asker.SCHEDULE,
                schedule=schedule,
                preferred_on=day,
                payer=schedule.payer,
                firm=schedule.firm,
                actor=None,
            )
    except DomainError as error:
        logger.warning("Schedule %s asks for no audit of site %s: %s", schedule.pk, site.pk, error.code)
        return 0
    return 1
