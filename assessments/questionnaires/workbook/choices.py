"""The sheet `choices`: the lists that questions choose from."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from assessments.questionnaires.workbook.grid import Grid, Line, shown

Raw = dict[str, Any]


class Item(Struct, frozen=True):
    """A choice with its row."""

    raw: Raw
    line: Line


Lists = Mapping[str, Sequence[Item]]


def read_choices(grid: Grid) -> Lists:
    """Read the choices by the name of their list."""
    lists: dict[str, list[Item]] = {}
    for line in grid.lines():
        name, code = line.code("list_name"), line.code("name")
        if not name:
            line.fail("list_name", "missing", "The name of the list is missing.")
            continue
        items = lists.setdefault(name, [])
        for other in items:
            if code and other.raw["code"] == code:
                message = f"The choice {shown(code)} stands in row {other.line.number} of this list already."
                line.fail("name", "duplicate_code", message)
        items.append(Item(_read_choice(line, code), line))
    return lists


def _read_choice(line: Line, code: str) -> Raw:
    raw: Raw = {"code": code, "text": line.words("label")}
    points, exclusive = line.number_of("points"), line.truth("exclusive")
    if points is not None:
        raw["points"] = points
    if exclusive:
        raw["exclusive"] = True
    return raw
