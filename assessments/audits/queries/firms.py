"""Reads of audit firms: which work for a buyer."""

from django.db.models import Count, F, Q, QuerySet

from assessments.audits.models import Engagement
from suppliers.organisations.enums import BUYER_ROLES
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import Reader, bought_relationships, organisations_where


def engaged_firms(buyer: Organisation) -> QuerySet[Organisation]:
    """Return the firms that can be chosen for a buyer's new audits, by name."""
    engaged = Engagement.objects.filter(buyer=buyer, ended_on=None)
    return Organisation.objects.filter(pk__in=engaged.values("firm_id")).order_by("name", "pk")


def listed_firms(user: Reader, buyer: Organisation) -> QuerySet[Engagement]:
    """Return every firm a buyer has worked with, present ones first, with its number of `audits` the user sees."""
    seen = Q(firm__audits__relationship__in=bought_relationships(user).filter(buyer=buyer))
    rows = Engagement.objects.filter(buyer=buyer).select_related("firm")
    rows = rows.annotate(audits=Count("firm__audits", filter=seen))
    return rows.order_by(F("ended_on").asc(nulls_first=True), "firm__name", "pk")


def visible_engagements(user: Reader) -> QuerySet[Engagement]:
    """Return the engagements of buyers the user works for."""
    rows = Engagement.objects.filter(buyer_id__in=organisations_where(user, BUYER_ROLES))
    return rows.select_related("buyer", "firm")
