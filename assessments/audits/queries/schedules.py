"""Reads of schedules: which a buyer has, and the sites that one asks for today."""

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from assessments.audits.document import add_months
from assessments.audits.enums import GOING_STATES, RELEASED_STATES, Asker, AuditState
from assessments.audits.models import Audit, AuditSchedule
from assessments.responses.models import Response
from suppliers.organisations.enums import BUYER_ROLES
from suppliers.organisations.models import Relationship, Site
from suppliers.organisations.queries import Reader, organisations_where

REFUSED_STATES = (AuditState.DECLINED, AuditState.CANCELLED)


def visible_schedules(user: Reader) -> QuerySet[AuditSchedule]:
    """Return the schedules of buyers the user works for, by name."""
    rows = AuditSchedule.objects.filter(buyer_id__in=organisations_where(user, BUYER_ROLES))
    return rows.select_related("buyer", "firm").order_by("-is_active", "name", "pk")


def due_sites(schedule: AuditSchedule) -> QuerySet[Site, Any]:
    """Return the open sites of active relationships that every condition of a schedule holds for.

    Each has `bond`, the id of the relationship. The greatest spend comes first. A site waits while an audit is
    going on there for this buyer, and after an audit, or a no to this kind of request, for the months of the schedule.
    """
    today = timezone.localdate()
    bonds = Relationship.objects.filter(
        Q(ended_on=None) | Q(ended_on__gt=today), buyer_id=schedule.buyer_id, supplier_id=OuterRef("organisation_id")
    )
    sites = Site.objects.filter(closed_on=None).annotate(
        bond=Subquery(bonds.values("pk")[:1]), spend=Subquery(bonds.values("spend")[:1])
    )
    sites = sites.exclude(bond=None).exclude(Exists(audits_that_count(schedule, today)))
    if schedule.least_spend is not None:
        sites = sites.filter(spend__gte=schedule.least_spend)
    if schedule.bands:
        sites = sites.annotate(band=Subquery(newest_scores().values("band")[:1])).filter(band__in=schedule.bands)
    return sites.order_by(F("spend").desc(nulls_last=True), "pk")


def count_due(schedule: AuditSchedule) -> int:
    """Return how many sites a schedule means today, saved or not; the number per month does not narrow it."""
    return due_sites(schedule).count()


def audits_that_count(schedule: AuditSchedule, today: date) -> QuerySet[Audit]:
    """Return the audits because of which a site is not asked: one going on, a late enough one, a no to a schedule."""
    since = add_months(today, -(schedule.months or 0))
    rows = Audit.objects.filter(site=OuterRef("pk"), relationship=OuterRef("bond"))
    rows = rows.annotate(last_day=Coalesce("ends_on", "released_on"))
    done = Q(state__in=RELEASED_STATES, follows=None, last_day__gt=since)
    refused = Q(state__in=REFUSED_STATES, asked_by=Asker.SCHEDULE, asked_at__date__gt=since)
    return rows.filter(Q(state__in=GOING_STATES) | done | refused)


def newest_scores() -> QuerySet[Response]:
    """Return the scored responses of the outer site and bond, the newest first."""
    rows = Response.objects.filter(site=OuterRef("pk"), relationship=OuterRef("bond"))
    return rows.exclude(score=None).order_by("-submitted_at", "-pk")


def room_of(schedule: AuditSchedule) -> int:
    """Return how many audits a schedule may still ask for this month."""
    first = timezone.localdate().replace(day=1)
    return max(0, schedule.most_a_month - schedule.audits.filter(asked_at__date__gte=first).count())
