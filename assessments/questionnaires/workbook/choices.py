"""The sheet `choices`: the lists that questions choose from."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from assessments.questionnaires.core import SheetCode
from assessments.questionnaires.document.reading import cut
from assessments.questionnaires.workbook.grid import Grid, Line

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
            line.fail("list_name", SheetCode.LIST_NAME_MISSING)
            continue
        items = lists.setdefault(name, [])
        for other in items:
            if code and other.raw["code"] == code:
                line.fail("name", SheetCode.DOUBLE_CHOICE, found=cut(code), row=other.line.number)
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
