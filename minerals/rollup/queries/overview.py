"""The minerals page: who answered, what was declared, what waits for a person."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When
from django.utils import timezone
from django_countries import countries

from minerals.declarations.enums import HANDED_IN_STATES, OPEN_STATES, DeclarationState
from minerals.declarations.models import Declaration, RedFlag
from minerals.declarations.queries import asked_declarations
from minerals.declarations.queries.words import alike_codes
from minerals.declarations.risks import RED_GRADES
from minerals.rollup.models import CompanyProfile, RollupSmelter
from minerals.rollup.queries.figures import find_rollup
from minerals.rollup.queries.groups import scopes_to_map
from minerals.rollup.queries.smelters import standing_smelters
from minerals.smelters.enums import LIGHTS, CaseState, Light, ListState, Status
from minerals.smelters.models import NameCase, SmelterList
from minerals.templates_io.enums import ASKED_TEMPLATES
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import Reader

STANDING_STATES = (DeclarationState.RECEIVED, DeclarationState.ACCEPTED)


@dataclass(frozen=True)
class Answered:
    """Suppliers asked and suppliers who handed something in, and the declarations by state."""

    asked: int
    handed_in: int
    late: int
    states: list[tuple[str, int]]

    @property
    def rate(self) -> float | None:
        """The response rate in percent."""
        return 100 * self.handed_in / self.asked if self.asked else None

    @property
    def to_review(self) -> int:
        """How many were received and wait for the company's decision."""
        return dict(self.states).get(DeclarationState.RECEIVED, 0)


@dataclass
class MetalRow:
    """The declared smelters of one metal by traffic light; `unknown` are names that no list knows."""

    metal: str
    lights: Counter[str] = field(default_factory=Counter)
    unknown: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.lights.values()) + self.unknown

    @property
    def cells(self) -> list[tuple[Light, int]]:
        """How many of each light, in the order of the head."""
        return [(light, self.lights[light]) for light in Light]


def declarations_here(user: Reader, owner: Organisation) -> QuerySet[Declaration]:
    """Return the declarations of one buyer that the reader sees."""
    return asked_declarations(user).filter(relationship__buyer=owner)


def asked_years(rows: QuerySet[Declaration]) -> list[tuple[str, int]]:
    """Return the templates and years that were asked for, the newest first and in the order of the templates."""
    order = {kind.value: place for place, kind in enumerate(ASKED_TEMPLATES)}
    pairs = rows.order_by().values_list("template", "year").distinct()
    return sorted(pairs, key=lambda pair: (-pair[1], order[pair[0]]))


def count_answers(rows: QuerySet[Declaration]) -> Answered:
    """Count suppliers and states. A cancelled request asked nobody."""
    asked = ~Q(state=DeclarationState.CANCELLED)
    sums = rows.aggregate(
        asked=Count("relationship", distinct=True, filter=asked),
        handed_in=Count("relationship", distinct=True, filter=Q(state__in=HANDED_IN_STATES)),
        late=Count("pk", filter=Q(state__in=OPEN_STATES, due_on__lt=timezone.localdate())),
    )
    counts = dict(rows.order_by().values_list("state").annotate(count=Count("pk")))
    states = [(str(state), counts[state]) for state in DeclarationState if state in counts]
    return Answered(sums["asked"], sums["handed_in"], sums["late"], states)


def count_flags(rows: QuerySet[Declaration]) -> list[tuple[str, int]]:
    """Return how many standing declarations have each kind of red flag, the most frequent first.

    Codes that share a title are one kind, as in the filter of the list that the figure opens.
    """
    standing = rows.filter(state__in=STANDING_STATES).order_by().values("pk")
    flags = RedFlag.objects.filter(declaration__in=standing, grade__in=RED_GRADES).order_by()
    codes = flags.values_list("code", flat=True).distinct()
    kinds = {code: alike_codes(code)[0] for code in codes}
    kind = Case(*(When(code=code, then=Value(first)) for code, first in kinds.items()), output_field=CharField())
    counts = flags.values_list(kind).annotate(count=Count("declaration", distinct=True)) if kinds else ()
    return sorted(counts, key=lambda pair: (-pair[1], pair[0]))


def declared_rows(owner: Organisation, template: str) -> list[RollupSmelter]:
    """Return what suppliers declare in a template, all over the company; what is not identified is a row, too."""
    return list(standing_smelters(find_rollup(owner.pk, template)))


def declared_smelters(owner: Organisation, template: str) -> list[RollupSmelter]:
    """Return the smelters and names that suppliers declare in a template, all over the company."""
    return named_rows(declared_rows(owner, template))


def named_rows(rows: Iterable[RollupSmelter]) -> list[RollupSmelter]:
    """Return the smelters and names among what suppliers declare."""
    return [row for row in rows if row.smelter_id or row.case_id]


def metal_rows(rows: Iterable[RollupSmelter]) -> list[MetalRow]:
    """Return the declared smelters by metal and traffic light."""
    found: dict[str, MetalRow] = {}
    for row in rows:
        line = found.setdefault(row.metal, MetalRow(row.metal))
        if row.smelter:
            line.lights[LIGHTS[Status(row.smelter.status)]] += 1
        else:
            line.unknown += 1
    return [found[metal] for metal in sorted(found)]


def origin_counts(rows: Iterable[RollupSmelter]) -> list[tuple[str, int]]:
    """Return the countries of origin and how many smelters are said to buy there."""
    return by_size(Counter(code for row in rows for code in row.origins))


def smelter_counts(rows: Iterable[RollupSmelter]) -> list[tuple[str, int]]:
    """Return the countries where smelters stand and how many; not where their ore comes from."""
    return by_size(Counter(str(row.smelter.country) for row in rows if row.smelter and row.smelter.country))


def by_size(counts: Counter[str]) -> list[tuple[str, int]]:
    """Return counted countries, the largest first."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], str(countries.name(pair[0]))))


@dataclass(frozen=True)
class Waiting:
    """How much waits for a person of the company."""

    names: int
    lists: int
    to_review: int
    scopes: int
    has_profile: bool

    @property
    def total(self) -> int:
        """All that waits."""
        return self.names + self.lists + self.to_review + self.scopes + (not self.has_profile)


def count_waiting(owner: Organisation, rows: QuerySet[Declaration]) -> Waiting:
    """Count what waits: five queries."""
    return Waiting(
        names=NameCase.objects.filter(owner=owner, state=CaseState.OPEN).count(),
        lists=SmelterList.objects.filter(owner=owner, state=ListState.PREVIEW).count(),
        to_review=rows.filter(state=DeclarationState.RECEIVED).count(),
        scopes=scopes_to_map(owner).count(),
        has_profile=CompanyProfile.objects.filter(owner=owner).exists(),
    )
