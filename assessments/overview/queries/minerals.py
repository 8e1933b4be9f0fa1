"""Conflict minerals on the dashboard and the supplier card; the minerals page has the rest."""

from dataclasses import dataclass
from urllib.parse import urlencode

from minerals.declarations.enums import DeclarationState
from minerals.declarations.models import Declaration
from minerals.rollup.permissions import may
from minerals.rollup.queries.overview import (
    STANDING_STATES,
    Answered,
    MetalRow,
    asked_years,
    count_answers,
    declarations_here,
    declared_smelters,
    metal_rows,
)
from minerals.smelters.enums import Light
from suppliers.organisations.models import Organisation, Relationship
from suppliers.organisations.queries import Reader


@dataclass(frozen=True)
class MineralFigures:
    """The newest template and year that were asked for: who answered, what is risky, which smelters are named.

    `metals` is None for a reader who sees only a part of the suppliers: smelters rest on all of them.
    """

    template: str
    year: int
    answered: Answered
    to_review: int
    flagged: int
    standing: int
    metals: list[MetalRow] | None

    @property
    def kept(self) -> str:
        """What the lists behind the figures are narrowed to."""
        return urlencode({"template": self.template, "year": self.year})

    @property
    def smelters(self) -> int:
        """How many smelters and names are declared."""
        return sum(row.total for row in self.metals or ())

    @property
    def not_conformant(self) -> int:
        """How many of them are known to be not conformant."""
        return sum(row.lights[Light.RED] for row in self.metals or ())


def mineral_figures(user: Reader, buyer: Organisation) -> MineralFigures | None:
    """Return the figures of the dashboard; None where nothing was asked. A constant number of queries."""
    rows = declarations_here(user, buyer)
    pairs = asked_years(rows)
    if not pairs:
        return None
    template, year = pairs[0]
    here = rows.filter(template=template, year=year)
    answered = count_answers(here)
    counts = dict(answered.states)
    sees_all = may(user, "read", buyer)
    return MineralFigures(
        template=template,
        year=year,
        answered=answered,
        to_review=answered.to_review,
        flagged=here.filter(state__in=STANDING_STATES, red_flags__gt=0).count(),
        standing=sum(counts.get(state, 0) for state in STANDING_STATES),
        metals=metal_rows(declared_smelters(buyer, template)) if sees_all else None,
    )


def declarations_of(relationship: Relationship, *, limit: int = 6) -> list[Declaration]:
    """Return what a supplier was asked to declare, the newest first; what was called off is left out."""
    rows = Declaration.objects.filter(relationship=relationship).exclude(state=DeclarationState.CANCELLED)
    return list(rows.order_by("-year", "-created_at", "-pk")[:limit])
