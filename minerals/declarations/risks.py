"""What is risky in a declaration: red flags with their reasons, from plain data.

Sources of the rules: the OECD guidance's red flags of location (where minerals come from), the status of the smelter in
the audit programme, and what the declaration says of itself (contradictions, gaps, age). A flag has a code, a mineral
where it speaks of one, facts to say it in any language, and the places in the file.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from minerals.templates_io.document import Issue
from minerals.templates_io.enums import Grade

MOST_NAMES = 5
MOST_PLACES = 50
# Worst first; of two issues of one code the worse grade counts.
RANK = {Grade.ERROR: 0, Grade.FLAG: 1, Grade.WARNING: 2, Grade.INFO: 3}
RED_GRADES = frozenset({Grade.ERROR, Grade.FLAG})


@dataclass(frozen=True)
class Standing:
    """What the registry knows of a smelter: its light ("green", "amber", "red", "grey"), its status, since when."""

    light: str
    status: str
    as_of: str = ""


@dataclass(frozen=True)
class Sourced:
    """One row of a smelter list: the countries it names, and the smelter it means where the registry knows it."""

    row: int
    metal: str
    name: str
    cid: str = ""
    origins: tuple[str, ...] = ()
    identified: bool = True
    standing: Standing | None = None

    @property
    def place(self) -> str:
        """Where it stands in the file."""
        return f"Smelter List!B{self.row}"

    @property
    def label(self) -> str:
        """What a reader knows it by."""
        return f"{self.name} ({self.cid})" if self.name and self.cid else self.name or self.cid


@dataclass(frozen=True)
class Red:
    """One reason to look closer."""

    code: str
    grade: Grade
    mineral: str = ""
    params: dict[str, object] = field(default_factory=dict)
    places: tuple[str, ...] = ()


def find_risks(
    rows: Sequence[Sourced],
    *,
    issues: Iterable[Issue] = (),
    missing: Sequence[Issue] = (),
    covered: Collection[str] = (),
    risky: Collection[str] = (),
    carried: Mapping[str, Grade] | None = None,
    left_out: Collection[str] = (),
) -> tuple[Red, ...]:
    """Return the red flags of one declaration, worst first, each code and mineral once.

    `covered` and `risky` are ISO codes of countries; one that is both is named as covered. `carried` are codes of
    issues that count although their grade in the file is milder: a stale template, an old date. `left_out` are
    minerals that were asked for and are not declared.
    """
    risky_only = set(risky) - set(covered)
    found = [
        *by_metal(rows, lambda row: named_in(row, covered), "origin_covered", Grade.FLAG, countries=covered),
        *by_metal(rows, lambda row: named_in(row, risky_only), "origin_risky", Grade.FLAG, countries=risky_only),
        *by_metal(rows, is_red, "smelter_not_conformant", Grade.FLAG, statuses=True),
        *by_metal(rows, lambda row: row.identified and row.standing is None, "smelter_unknown", Grade.FLAG),
        *by_metal(rows, lambda row: not row.identified, "smelter_unidentified", Grade.FLAG),
        *by_metal(rows, is_open, "smelter_not_assessed", Grade.WARNING, statuses=True),
        *said_issues(issues, carried or {}),
        *gaps(missing),
        *(Red("mineral_missing", Grade.FLAG, mineral) for mineral in sorted(left_out)),
    ]
    return tuple(sorted(found, key=lambda red: (RANK[red.grade], red.code, red.mineral)))


def named_in(row: Sourced, countries: Collection[str]) -> bool:
    """Whether a row names one of these countries as an origin."""
    return not set(row.origins).isdisjoint(countries)


def is_red(row: Sourced) -> bool:
    """Whether the smelter of a row is known and not conformant."""
    return row.standing is not None and row.standing.light == "red"


def is_open(row: Sourced) -> bool:
    """Whether the smelter of a row is on its way, or nothing is known of its status."""
    return row.standing is not None and row.standing.light in {"amber", "grey"}


def by_metal(
    rows: Iterable[Sourced],
    fits: Callable[[Sourced], bool],
    code: str,
    grade: Grade,
    *,
    countries: Collection[str] = (),
    statuses: bool = False,
) -> list[Red]:
    """Return one flag per metal for the rows that fit; rows that repeat a smelter count once."""
    groups: dict[str, list[Sourced]] = defaultdict(list)
    for row in rows:
        if fits(row):
            groups[row.metal].append(row)
    found = []
    for metal, group in sorted(groups.items()):
        params = name_params(group)
        if countries:
            params["countries"] = sorted({origin for row in group for origin in row.origins if origin in countries})
        if statuses:
            params |= status_params(group)
        found.append(Red(code, grade, metal, params, tuple(row.place for row in group[:MOST_PLACES])))
    return found


def name_params(group: Iterable[Sourced]) -> dict[str, object]:
    """Return how many smelters rows speak of, and the first names; rows without any name count each."""
    rows = list(group)
    labels = list(dict.fromkeys(row.label for row in rows if row.label))
    return {"count": len(labels) or len(rows), "names": labels[:MOST_NAMES]}


def status_params(group: Iterable[Sourced]) -> dict[str, object]:
    """Return the statuses of smelters and the newest day they are known for."""
    standings = [row.standing for row in group if row.standing is not None]
    days = [standing.as_of for standing in standings if standing.as_of]
    return {"statuses": sorted({standing.status for standing in standings}), "as_of": max(days, default="")}


def said_issues(issues: Iterable[Issue], carried: Mapping[str, Grade]) -> list[Red]:
    """Return a flag for every issue that is red, or carried, one per code and mineral."""
    groups: dict[tuple[str, str], list[Issue]] = defaultdict(list)
    for issue in issues:
        if issue.grade in RED_GRADES or issue.code in carried:
            groups[issue.code, mineral_of(issue)].append(issue)
    return [
        Red(
            code,
            carried.get(code) or min((issue.grade for issue in group), key=RANK.__getitem__),
            mineral,
            dict(group[0].params) | {"count": len(group)},
            tuple(issue.place for issue in group if issue.place)[:MOST_PLACES],
        )
        for (code, mineral), group in groups.items()
    ]


def mineral_of(issue: Issue) -> str:
    """Return the mineral an issue speaks of, empty where it speaks of none."""
    return issue.params.get("mineral") or issue.params.get("metal") or ""


def gaps(missing: Sequence[Issue]) -> list[Red]:
    """Return one flag for all items that RMI's checker misses."""
    if not missing:
        return []
    places = tuple(issue.place for issue in missing if issue.place)[:MOST_PLACES]
    return [Red("missing_items", Grade.ERROR, "", {"count": len(missing)}, places)]
