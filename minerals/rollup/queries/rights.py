"""Who sees which roll-up."""

from django.db.models import Exists, OuterRef, QuerySet

from minerals.rollup.models import Rollup
from minerals.rollup.permissions import WHOLE_DEEDS
from suppliers.organisations.models import MembershipScope
from suppliers.organisations.queries import Reader, memberships_of


def visible_rollups(user: Reader) -> QuerySet[Rollup]:
    """Return roll-ups of companies for which the user buys with a membership that is not narrowed to a part."""
    narrowed = MembershipScope.objects.filter(membership_id=OuterRef("pk"))
    whole = memberships_of(user).filter(~Exists(narrowed), role__in=WHOLE_DEEDS["read"])
    return Rollup.objects.filter(owner_id__in=whole.values("organisation_id"))
