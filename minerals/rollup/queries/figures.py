"""The figures of one roll-up, drawn from its sums and from who has not answered this minute."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q, Sum

from minerals.declarations.enums import DeclarationState
from minerals.declarations.models import Declaration
from minerals.rollup.aggregation import RULES, Cell, Figure, Received, Tally, figure_table, provenance_of
from minerals.rollup.models import ProductGroup, Rollup, RollupAnswer, RollupSmelter
from minerals.rollup.queries.silent import silent_suppliers
from minerals.smelters.enums import CaseState
from minerals.templates_io.document import CMRT_MINERALS
from minerals.templates_io.enums import Template
from suppliers.organisations.models import Organisation, Relationship


@dataclass(frozen=True)
class Figures:
    """All answers of the company for one template and group, with who stands behind them."""

    template: str
    rollup: Rollup | None
    minerals: tuple[str, ...]
    table: dict[Cell, Figure]

    @property
    def questions(self) -> list[str]:
        """The questions of the template."""
        return list(RULES[self.template])

    @cached_property
    def names(self) -> dict[int, str]:
        """Names of the suppliers that figures name; one query."""
        shown = {
            number for figure in self.table.values() for numbers in figure.tally.examples.values() for number in numbers
        }
        rows = Relationship.objects.filter(pk__in=shown)
        return dict(rows.values_list("pk", "supplier__name"))

    def provenance(self, cell: Cell) -> str:
        """Return where a figure comes from, as it stands in the comment of a file."""
        return provenance_of(self.table[cell], self.names)


def find_rollup(owner_id: int, template: str, group: ProductGroup | None = None) -> Rollup | None:
    """Return the roll-up of a template for a group or the whole company; None before anything is counted."""
    return Rollup.objects.filter(owner_id=owner_id, template=template, group=group).first()


def read_figures(owner: Organisation, template: str, group: ProductGroup | None = None) -> Figures:
    """Return the figures as they stand now: a constant number of queries."""
    rollup = find_rollup(owner.pk, template, group)
    tallies = read_tallies(rollup)
    minerals = minerals_of(template, tallies, owner.pk)
    silent = silent_suppliers(owner.pk, template, group)
    table = figure_table(template, minerals, tallies, silent, read_received(rollup))
    return Figures(template, rollup, minerals, table)


def read_tallies(rollup: Rollup | None) -> dict[Cell, Tally]:
    """Return the counted words of a roll-up."""
    rows = RollupAnswer.objects.filter(rollup=rollup) if rollup else RollupAnswer.objects.none()
    return {
        (question, mineral): Tally(words, {word: tuple(named) for word, named in examples.items()})
        for question, mineral, words, examples in rows.values_list("question", "mineral", "words", "examples")
    }


def minerals_of(template: str, tallies: Iterable[Cell], owner_id: int) -> tuple[str, ...]:
    """Return the minerals of a roll-up: the four of a CMRT, else those that were asked for or answered."""
    if template == Template.CMRT:
        return CMRT_MINERALS
    rows = Declaration.objects.filter(relationship__buyer_id=owner_id, template=template)
    asked = rows.exclude(minerals=[]).exclude(state=DeclarationState.CANCELLED)
    named = {
        mineral for minerals in asked.values_list("minerals", flat=True).order_by().distinct() for mineral in minerals
    }
    return tuple(sorted(named | {mineral for _question, mineral in tallies}))


def read_received(rollup: Rollup | None) -> dict[str, Received]:
    """Return what came in about the smelters of each metal. How a name was decided is read live."""
    rows = RollupSmelter.objects.filter(rollup=rollup) if rollup else RollupSmelter.objects.none()
    counts = rows.values("metal").annotate(
        undecided=Count("pk", filter=Q(case__state__in=(CaseState.OPEN, CaseState.MATCHED))),
        unidentified=Sum("rows", filter=Q(smelter=None, case=None), default=0),
        rejected=Count("pk", filter=Q(case__state=CaseState.REJECTED)),
        listed=Count("pk", filter=Q(smelter__isnull=False) | Q(case__state=CaseState.UNKNOWN)),
    )
    return {
        row["metal"]: Received(row["undecided"], row["unidentified"], row["rejected"], row["listed"])
        for row in counts.order_by("metal")
    }
