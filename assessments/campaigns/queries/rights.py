"""Who sees which campaign and which request."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from assessments.campaigns.models import Campaign, Request
from suppliers.organisations.enums import BUYER_ROLES
from suppliers.organisations.models import MembershipScope
from suppliers.organisations.queries import Reader, bought_relationships, memberships_of


def visible_campaigns(user: Reader) -> QuerySet[Campaign]:
    """Return campaigns of organisations in which the user is a buyer."""
    member = memberships_of(user).filter(role__in=BUYER_ROLES, organisation_id=OuterRef("buyer_id"))
    return Campaign.objects.filter(Exists(member))


def visible_requests(user: Reader) -> QuerySet[Request]:
    """Return requests of the user's campaigns; a membership narrowed to regions or units sees only those.

    The first condition is the same answer for a whole campaign, so an unnarrowed reader of 30,000 requests
    costs no look at each relationship.
    """
    narrowed = MembershipScope.objects.filter(membership_id=OuterRef("pk"))
    whole = memberships_of(user).filter(~Exists(narrowed), role__in=BUYER_ROLES)
    return Request.objects.filter(
        Q(campaign__buyer_id__in=whole.values("organisation_id"))
        | Q(relationship_id__in=bought_relationships(user).values("pk"))
    )
