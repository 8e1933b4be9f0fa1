"""What a reader is told of a finding they see: not every side reads the plan, nor the vendor code.

A plan is the site's own until it is handed in, and again once it is taken back or written anew. A vendor code is a
word between buyer and supplier: an audit firm does not get it.
"""

from dataclasses import dataclass

from django.db.models import F, Q

from assessments.findings.enums import WRITABLE_PLANS
from assessments.findings.models import CorrectiveAction, Finding
from assessments.findings.queries.plans import action_of
from suppliers.organisations.enums import BUYER_ROLES, SUPPLIER_ROLES
from suppliers.organisations.models import Relationship
from suppliers.organisations.queries import Reader, memberships_of, organisations_where


@dataclass(frozen=True)
class Sight:
    """The organisations whose sites the reader works for, and those for which the reader buys."""

    suppliers: frozenset[int]
    buyers: frozenset[int]

    def plan_of(self, finding: Finding) -> CorrectiveAction | None:
        """Return the corrective action of a finding, None for one that is not handed in and not the reader's own."""
        action = action_of(finding)
        if action is None or finding.site.organisation_id in self.suppliers:
            return action
        return action if is_handed_in(action) else None

    def code_of(self, bond: Relationship) -> str:
        """Return the vendor code, "" for a reader of neither buyer nor supplier."""
        is_told = bond.buyer_id in self.buyers or bond.supplier_id in self.suppliers
        return bond.vendor_code if is_told else ""

    def code_clause(self, bond: str = "relationship") -> Q:
        """Return the condition of rows whose vendor code the reader may know; `bond` is the path to it."""
        return Q(**{f"{bond}__buyer_id__in": self.buyers}) | Q(**{f"{bond}__supplier_id__in": self.suppliers})


def sight_of(user: Reader) -> Sight:
    """Return what a reader is told; one query, however many findings."""
    rows = list(memberships_of(user).values_list("organisation_id", "role"))
    return Sight(
        suppliers=frozenset(pk for pk, role in rows if role in SUPPLIER_ROLES),
        buyers=frozenset(pk for pk, role in rows if role in BUYER_ROLES),
    )


def plan_clause(user: Reader) -> Q:
    """Return the condition of corrective actions whose words the reader may read: Sight.plan_of as a WHERE clause."""
    as_handed_in = ~Q(state__in=WRITABLE_PLANS) | Q(submitted_at__gte=F("updated_at"))
    return as_handed_in | Q(finding__site__organisation_id__in=organisations_where(user, SUPPLIER_ROLES))


def is_handed_in(action: CorrectiveAction) -> bool:
    """Whether the words of a plan are those that were handed in: nothing was written since."""
    if action.state not in WRITABLE_PLANS:
        return True
    return action.submitted_at is not None and action.submitted_at >= action.updated_at
