"""The smaller campaigns of the demo: new suppliers, companies as a whole, a programme on human rights."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Sum

from suppliers.organisations.models import Organisation, Relationship

LARGEST, SMALL, TAKING_PART = 40, 120, 16


@dataclass(frozen=True)
class Extra:
    """One campaign: the pack, whom it asks, when, and how many answer on one day."""

    pack: str
    name: str
    codes: tuple[str, ...]
    sent: datetime
    due: datetime
    answered: datetime
    share_answered: float


def extras_of(buyer: Organisation, now: datetime, new_since: datetime) -> list[Extra]:
    """Return the smaller campaigns of the running year that have somebody to ask."""
    bonds = buyer.supplied_by.exclude(supplier=buyer).order_by("vendor_code")
    new = bonds.filter(started_on__gte=new_since.date())
    largest = bonds.exclude(spend=None).order_by("-spend", "vendor_code")[:LARGEST]
    small = bonds.annotate(people=Sum("supplier__sites__workers")).filter(people__lte=SMALL)

    def ago(days: int) -> datetime:
        return now - timedelta(days=days)

    found = (
        ("onboarding", "new suppliers", new, ago(190), ago(160), ago(165), 0.85),
        ("corporate", "corporate assessment", largest, ago(40), ago(-12), ago(9), 0.7),
        ("human-rights", "human rights programme", small[:TAKING_PART], ago(120), ago(60), ago(70), 0.82),
    )
    extras = [
        Extra(pack, f"{now.year} {words}", codes_of(rows), sent, due, answered, share)
        for pack, words, rows, sent, due, answered, share in found
    ]
    return [extra for extra in extras if extra.codes]


def codes_of(bonds: Iterable[Relationship]) -> tuple[str, ...]:
    """Return the vendor codes."""
    return tuple(bond.vendor_code for bond in bonds)
