"""The table of a group's items, row by row: vendor code and product number in, clean rows or problems out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from minerals.templates_io.document.products import LONGEST_NUMBER, fold_number

MOST_PROBLEMS: Final = 200


@dataclass(frozen=True)
class ItemLine:
    """One row of the table: two cells and where they stand."""

    code: str
    code_place: str
    number: str
    number_place: str


@dataclass(frozen=True)
class ItemProblem:
    """One thing wrong: the cell, what stands there, why."""

    place: str
    value: str
    code: str  # empty | supplier | long | double


@dataclass
class ItemReading:
    """What a table says: {(relationship, folded number): number}, or what is wrong with it."""

    items: dict[tuple[int, str], str] = field(default_factory=dict)
    problems: list[ItemProblem] = field(default_factory=list)


def read_items(lines: Iterable[ItemLine], suppliers: Mapping[str, int]) -> ItemReading:
    """Read the rows of a table; `suppliers` is {vendor code: relationship}. An empty number means all products."""
    found = ItemReading()
    for line in lines:
        problem = problem_of(line, suppliers, found.items.keys())
        if problem is not None:
            found.problems.append(problem)
        elif line.code:
            found.items[suppliers[line.code], fold_number(line.number)] = line.number
        if len(found.problems) >= MOST_PROBLEMS:
            break
    return found


def problem_of(line: ItemLine, suppliers: Mapping[str, int], there: Collection[tuple[int, str]]) -> ItemProblem | None:
    """Return what is wrong with a row, None for a good or an empty one."""
    if not line.code:
        return ItemProblem(line.code_place, "", "empty") if line.number else None
    if line.code not in suppliers:
        return ItemProblem(line.code_place, line.code, "supplier")
    if len(line.number) > LONGEST_NUMBER:
        return ItemProblem(line.number_place, line.number[:60], "long")
    if (suppliers[line.code], fold_number(line.number)) in there:
        return ItemProblem(line.number_place, line.number or line.code, "double")
    return None
