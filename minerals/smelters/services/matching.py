"""Rows of declarations to smelters: what is sure at once, the rest through a queue that remembers every decision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from minerals.smelters.enums import CaseState, How
from minerals.smelters.matching import (
    Asked,
    Known,
    KnownName,
    Registry,
    clean_metal,
    clean_words,
    fold_name,
    mend_cid,
    tidy_id,
)
from minerals.smelters.models import NameCase, Smelter, SmelterName
from minerals.templates_io.document import UNIDENTIFIED, UNLISTED, SmelterRow

BATCH: Final = 500
Key = tuple[str, str, str, str]
DECIDED_HOW: Final = {
    CaseState.OPEN: How.CASE,
    CaseState.MATCHED: How.DECIDED,
    CaseState.UNKNOWN: How.KEPT,
    CaseState.REJECTED: How.REJECTED,
}


@dataclass(frozen=True)
class Match:
    """What a row means. `case_id` stays beside the smelter where a person decided, also by teaching a name: undoing
    that decision then finds the row.
    """

    smelter_id: int | None
    case_id: int | None
    how: str


NOBODY: Final = Match(None, None, How.NONE)


@dataclass(frozen=True)
class Line:
    """A row made ready: what is asked of the registry, and the case it would be."""

    asked: Asked
    name: str
    country: str

    @property
    def key(self) -> Key:
        """What makes two rows the same open question."""
        return self.asked.metal, fold_name(self.name), self.asked.cid, self.country


def match_rows(*, owner_id: int, rows: Sequence[SmelterRow]) -> list[Match]:
    """Return what each row means in the registry of a company, in order, in at most five queries.

    Sure are an exact id, and a name that exactly one smelter of the metal has. Every other row that names something
    gets an open NameCase, or shares the one there is; what was decided about it before holds for this row too.
    Rows that say "not yet identified", and rows that name nothing, get neither.
    """
    lines = [read_line(row) for row in rows]
    asked = [line for line in lines if line is not None]
    if not asked:
        return [NOBODY] * len(rows)
    registry = read_registry(
        owner_id, metals={line.asked.metal for line in asked}, cids={line.asked.cid for line in asked}
    )
    found = {line: registry.find(line.asked) for line in dict.fromkeys(asked)}
    cases = share_cases(owner_id, [line for line, verdict in found.items() if verdict is None], registry)
    matches = {
        line: Match(verdict.smelter, verdict.case, verdict.how) if verdict else match_case(cases[line.key])
        for line, verdict in found.items()
    }
    return [matches[line] if line is not None else NOBODY for line in lines]


def match_case(case: NameCase) -> Match:
    """Return what a case says of its rows."""
    return Match(case.smelter_id, case.pk, DECIDED_HOW[CaseState(case.state)])


def read_line(row: SmelterRow) -> Line | None:
    """Return a row made ready; None where it names no smelter."""
    if row.is_unidentified:
        return None
    lookup = "" if row.is_unlisted else row.lookup
    given = (clean_words(text) for text in (lookup, row.standard_name, row.name))
    names = tuple(dict.fromkeys(name for name in given if name and name.lower() not in (UNLISTED, UNIDENTIFIED)))
    cid = tidy_id(row.cid) or tidy_id(row.cid_input)
    if not cid and not any(fold_name(name) for name in names):
        return None
    country = clean_words(clean_words(row.country).upper(), 120)
    return Line(Asked(clean_metal(row.metal), cid, names), names[-1] if names else "", country)


def read_registry(owner_id: int, *, metals: Iterable[str], cids: Iterable[str] = ()) -> Registry:
    """Read what a company knows of some metals, and who else has the ids that are asked for."""
    wanted = {cid for typed in cids for cid in (typed, mend_cid(typed)) if cid}
    where = Q(metal__in=set(metals)) | Q(cid__in=wanted)
    smelters = Smelter.objects.filter(where, owner_id=owner_id)
    names = SmelterName.objects.filter(smelter__in=smelters.values("pk"))
    return Registry(
        [Known(*row) for row in smelters.values_list("pk", "metal", "cid", "name")],
        [KnownName(*row) for row in names.values_list("smelter_id", "folded", "kind", "case_id")],
    )


def share_cases(owner_id: int, lines: Sequence[Line], registry: Registry) -> dict[Key, NameCase]:
    """Return the case of every line; open those there are none of. Two workers at once open each only once."""
    if not lines:
        return {}
    cases = read_cases(owner_id, lines)
    fresh = {line.key: line for line in lines if line.key not in cases}
    if not fresh:
        return cases
    NameCase.objects.bulk_create(
        [new_case(owner_id, line, registry) for line in fresh.values()], batch_size=BATCH, ignore_conflicts=True
    )
    return read_cases(owner_id, lines)


def read_cases(owner_id: int, lines: Sequence[Line]) -> dict[Key, NameCase]:
    """Return the cases that stand for some lines."""
    rows = NameCase.objects.filter(
        owner_id=owner_id,
        metal__in={line.key[0] for line in lines},
        folded__in={line.key[1] for line in lines},
    ).defer("suggestions")
    return {(case.metal, case.folded, case.cid, case.country_text): case for case in rows}


def new_case(owner_id: int, line: Line, registry: Registry) -> NameCase:
    """Make an open case with what it may mean."""
    metal, folded, cid, country = line.key
    return NameCase(
        owner_id=owner_id,
        metal=metal,
        name=line.name,
        folded=folded,
        cid=cid,
        country_text=country,
        suggestions=suggest(registry, line.asked),
    )


def suggest(registry: Registry, asked: Asked) -> list[dict[str, Any]]:
    """Return suggestions as a case keeps them."""
    return [
        {"smelter": found.smelter, "how": str(found.how), "score": found.score} for found in registry.suggest(asked)
    ]
