"""The sheet `flags`: rules over the answers, with their examples."""

from assessments.questionnaires.core import SheetCode
from assessments.questionnaires.document.reading import cut
from assessments.questionnaires.workbook.choices import Raw
from assessments.questionnaires.workbook.expressions import parse_condition
from assessments.questionnaires.workbook.grid import Grid, Line
from assessments.questionnaires.workbook.questions import note_text
from assessments.questionnaires.workbook.shortforms import read_examples


def read_flags(grid: Grid, dates: frozenset[str], cells: dict[str, str]) -> list[Raw]:
    """Read the rules; note the cells. `dates` are the questions whose answers are days."""
    flags: list[Raw] = []
    rows: dict[str, int] = {}
    for line in grid.lines():
        code = line.code("code")
        first = rows.setdefault(code, line.number)
        if code and first != line.number:
            line.fail("code", SheetCode.DOUBLE_FLAG, found=cut(code), row=first)
        flags.append(_read_flag(line, f"flags[{len(flags)}]", dates, cells))
    return flags


def _read_flag(line: Line, place: str, dates: frozenset[str], cells: dict[str, str]) -> Raw:
    code = line.code("code")
    raw: Raw = {"code": code or None, "provision": line.code("provision") or None}
    raw["severity"] = line.code("severity").lower() or None
    raw["when"] = line.short("when", lambda text: parse_condition(text, dates))
    if not line.text("when"):
        line.fail("when", SheetCode.WHEN_MISSING)
    for key in ("text", "advice"):
        note_text(cells, line, f"{place}.{key}", key, f"{code} {key}")
        raw[key] = line.words(key) or None
    for key in ("fires", "quiet"):
        raw[key] = line.short(key, read_examples)
    cells[place] = line.cell("code")
    cells.update({f"{place}.{key}": line.cell(key) for key in raw if key not in ("text", "advice")})
    return {key: value for key, value in raw.items() if value is not None}
