"""The sheets `survey` and `choices`: sections, questions, and the lists they choose from."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from assessments.questionnaires.workbook.expressions import parse_condition
from assessments.questionnaires.workbook.grid import Grid, Line, nearest, shown
from assessments.questionnaires.workbook.shortforms import read_limits, read_score
from assessments.questionnaires.workbook.tokens import ExpressionError

YES_NO: Final = "yes_no"
DEFAULT_DECIMALS: Final = 2
"""Of the type decimal, where the column says nothing."""

Raw = dict[str, Any]
_PLAIN_TYPES: Final = {
    "integer": "number",
    "int": "number",
    "decimal": "number",
    "percentage": "percentage",
    "date": "date",
    "text": "text",
    "string": "text",
    "file": "document",
    "headcount": "headcount",
    YES_NO: YES_NO,
}
_APPEARANCES: Final = {
    ("integer", "percentage"): "percentage",
    ("decimal", "percentage"): "percentage",
    ("text", "headcount"): "headcount",
}
_SHOWN_TYPES: Final = (
    "select_one LIST",
    "select_multiple LIST",
    "select_one yes_no",
    "integer",
    "decimal",
    "date",
    "text",
    "file",
    "begin_group",
    "end_group",
)
_SECTION_FIELDS: Final = frozenset({"type", "name", "label", "hint", "guidance_hint", "appearance"})
_MARGINS: Final = {"select_one": "single", "select_multiple": "multiple"}
_PARTS: Final = re.compile(r"[,;、，\s]+")
_LISTED: Final = re.compile(r"(select_one|select_multiple)(?:\s+(.+))?")


class Item(Struct, frozen=True):
    """A choice with its row."""

    raw: Raw
    line: Line


Lists = Mapping[str, Sequence[Item]]


# ---- choices ------------------------------------------------------------------------------------------
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


# ---- survey -------------------------------------------------------------------------------------------
def read_survey(grid: Grid, lists: Lists, cells: dict[str, str]) -> tuple[list[Raw], frozenset[str]]:
    """Read the sections, and say which questions are dates; note the cells."""
    lines = list(grid.lines())
    dates = frozenset(line.code("name") for line in lines if line.code("type").lower() == "date")
    walk = _Walk(lists, dates, cells)
    for line in lines:
        walk.read(line)
    walk.end()
    return walk.sections, dates


class _Walk:
    """Goes down the rows and puts each question into its section."""

    def __init__(self, lists: Lists, dates: frozenset[str], cells: dict[str, str]) -> None:
        self.lists = lists
        self.dates = dates
        self.cells = cells
        self.sections: list[Raw] = []
        self.opened: Line | None = None
        self.rows: dict[str, int] = {}

    def read(self, line: Line) -> None:
        """Read one row by its type."""
        words = " ".join(line.code("type").split()).replace(" group", "_group")
        if words.lower() == "begin_group":
            self.begin(line)
        elif words.lower() == "end_group":
            self.close(line)
        elif not words:
            line.fail("type", "missing", f"The type is missing; it is one of {', '.join(_SHOWN_TYPES)}.")
        else:
            self.question(line, words)

    def begin(self, line: Line) -> None:
        if self.opened is not None:
            message = f"The section of row {self.opened.number} is still open; end it with end_group first."
            line.fail("type", "nested", message)
        self.opened = line
        self.once(line)
        self.refuse_fields(line)
        place = f"sections[{len(self.sections)}]"
        code, title, intro = line.code("name"), line.words("label"), _guidance(line)
        self.cells |= {place: line.cell("name"), f"{place}.code": line.cell("name")}
        note_text(self.cells, line, f"{place}.title", "label", f"{code} title")
        note_text(self.cells, line, f"{place}.intro", "hint", f"{code} intro")
        section: Raw = {"code": code, "title": title, "questions": []}
        self.sections.append({**section, "intro": intro} if intro else section)

    def refuse_fields(self, line: Line) -> None:
        """A section holds a title and an introduction; whatever else stands there would be lost."""
        for field, language in line.grid.fields:
            if field not in _SECTION_FIELDS and line.text(field, language):
                message = f"A section has no '{field}'; give it to its questions."
                line.fail(field, "section_field", message)

    def close(self, line: Line) -> None:
        if self.opened is None:
            line.fail("type", "not_open", "There is no open section here; remove this row.")
        self.opened = None

    def end(self) -> None:
        if self.opened is not None:
            message = "This section is not ended; add a row with the type end_group after its last question."
            self.opened.fail("type", "not_ended", message)

    def once(self, line: Line) -> None:
        """Name a code that stands twice at its second row."""
        code = line.code("name")
        first = self.rows.setdefault(code, line.number)
        if code and first != line.number:
            line.fail("name", "duplicate_code", f"The name {shown(code)} stands in row {first} already.")

    def question(self, line: Line, words: str) -> None:
        self.once(line)
        if self.opened is None:
            line.fail("type", "no_section", "This question stands in no section; put a row begin_group before it.")
            if not self.sections:
                return
        if not self.sections:
            return
        questions = self.sections[-1]["questions"]
        place = f"sections[{len(self.sections) - 1}].questions[{len(questions)}]"
        questions.append(_QuestionRow(line, place, self).read(words))


def note_text(cells: dict[str, str], line: Line, place: str, field: str, name: str) -> None:
    """Note where a text stands, each language too; `name` is what missing translations are reported by."""
    cells[place] = cells[name] = line.cell(field)
    for known, language in line.grid.fields:
        if known == field:
            cells[f"{place}.{language}"] = line.cell(field, language)


def _guidance(line: Line) -> dict[str, str]:
    """Give the hint, and behind it what XLSForm keeps in guidance_hint."""
    hint, more = line.words("hint"), line.words("guidance_hint")
    return {language: " ".join(filter(None, (hint.get(language), more.get(language)))) for language in {**hint, **more}}


class _QuestionRow:
    """One question on its way from a row to the source."""

    def __init__(self, line: Line, place: str, walk: _Walk) -> None:
        self.line = line
        self.place = place
        self.walk = walk
        self.raw: Raw = {}

    def read(self, words: str) -> Raw:
        """Read the row; what cannot be read is noted and left out."""
        line = self.line
        code = line.code("name")
        self.walk.cells[self.place] = line.cell("name")
        self.keep("code", "name", code or None)
        self.read_type(words)
        self.read_texts(code)
        self.keep("required", "required", bool(line.truth("required")))
        self.keep("provision", "provision", line.code("provision") or None)
        self.keep(
            "asks", "asks", [part.lower() for part in re.split(r"[,;、，\s]+", line.code("asks")) if part] or None
        )
        self.keep("weight", "weight", line.number_of("weight"))
        for field in ("unit", "period"):
            self.keep(field, field, line.code(field).lower() or None)
        self.read_limits()
        self.keep("score", "score", self.short("score", read_score))
        self.keep("show_if", "relevant", self.condition("relevant"))
        self.read_warning(code)
        self.read_evidence(code)
        return self.raw

    def keep(self, key: str, field: str, value: object) -> None:
        """Keep a value unless there is none, and note its cell either way."""
        self.walk.cells[f"{self.place}.{key}"] = self.line.cell(field)
        if value is not None:
            self.raw[key] = value

    # ---- the type
    def read_type(self, words: str) -> None:
        appearance = self.line.code("appearance").lower()
        listed = _LISTED.fullmatch(words)
        if listed and (listed[2] or "").strip() != YES_NO:
            self.keep("kind", "type", _MARGINS[listed[1]])
            self.read_list("choices", "type", (listed[2] or "").strip())
        elif listed and listed[1] == "select_multiple":
            self.line.fail("type", "yes_no", "The list yes_no holds one answer; write select_one yes_no.")
        else:
            self.read_plain_type(YES_NO if listed else words.lower(), appearance)
        if listed and appearance:
            self.line.fail("appearance", "appearance", f"{shown(appearance)} means nothing for {words}.")

    def read_plain_type(self, words: str, appearance: str) -> None:
        kind = _PLAIN_TYPES.get(words)
        if kind is None:
            hint = nearest(words, _SHOWN_TYPES)
            self.line.fail("type", "unknown_type", f"The type {shown(words)} means nothing here. {hint}")
        kind = _APPEARANCES.get((words, appearance), kind)
        if kind is not None and appearance and words != appearance and (words, appearance) not in _APPEARANCES:
            message = f"{shown(appearance)} means nothing for {words}; use percentage (numbers) or headcount (text)."
            self.line.fail("appearance", "appearance", message)
        self.keep("kind", "type", kind)
        if kind == "headcount":
            self.read_list("rows", "rows", self.line.code("rows"))
            self.read_list("columns", "columns", self.line.code("columns"))
        self.read_decimals(words)

    def read_decimals(self, words: str) -> None:
        decimals = self.line.number_of("decimals")
        if decimals is None and words == "decimal":
            decimals = DEFAULT_DECIMALS
        if decimals and words == "integer":
            self.line.fail("decimals", "decimals", "An integer has no decimals; write the type decimal.")
        self.keep("decimals", "decimals", decimals)

    def read_list(self, key: str, field: str, name: str) -> None:
        """Put the choices of a list into the question, and note their cells."""
        items = self.walk.lists.get(name)
        if items is None:
            hint = f" {nearest(name, list(self.walk.lists))}" if self.walk.lists and name else ""
            what = f"There is no list {shown(name)} on the sheet 'choices'.{hint}" if name else "Name the list here."
            self.line.fail(field, "unknown_list", what)
        self.keep(key, field, [dict(item.raw) for item in items] if items else None)
        code, kind = self.line.code("name"), {"choices": "choice", "rows": "row", "columns": "column"}[key]
        for index, item in enumerate(items or ()):
            self.note_choice(f"{self.place}.{key}[{index}]", item, f"{code} {kind} {item.raw['code']}")

    def note_choice(self, place: str, item: Item, name: str) -> None:
        cells = self.walk.cells
        cells[place] = cells[f"{place}.code"] = item.line.cell("name")
        note_text(cells, item.line, f"{place}.text", "label", name)
        for field in ("points", "exclusive"):
            cells[f"{place}.{field}"] = item.line.cell(field)

    # ---- texts
    def read_texts(self, code: str) -> None:
        for language in self.line.words("constraint_message"):
            message = "The portal words this message itself; empty the cell."
            self.walk_fail("constraint_message", language, message)
        texts = {"text": ("label", self.line.words("label")), "guidance": ("hint", _guidance(self.line))}
        texts["why"] = ("why", self.line.words("why"))
        for key, (field, words) in texts.items():
            note_text(self.walk.cells, self.line, f"{self.place}.{key}", field, f"{code} {key}")
            if words:
                self.raw[key] = words

    def walk_fail(self, field: str, language: str, message: str) -> None:
        self.line.grid.notes.fail(self.line.cell(field, language), "not_kept", message)

    # ---- rules
    def short(self, field: str, read: Any) -> Any:
        """Read a cell by its short form; what is wrong with it is noted."""
        text = self.line.text(field)
        if not text:
            return None
        try:
            return read(text)
        except ExpressionError as error:
            self.line.fail(field, "expression", str(error))
            return None

    def condition(self, field: str) -> Any:
        return self.short(field, lambda text: parse_condition(text, self.walk.dates))

    def read_limits(self) -> None:
        limits = self.short("constraint", read_limits) or {}
        self.keep("min", "constraint", limits.get("min"))
        self.keep("max", "constraint", limits.get("max"))

    def read_warning(self, code: str) -> None:
        when, words = self.condition("warn_if"), self.line.words("warn")
        place = f"{self.place}.warn_if"
        self.walk.cells |= {place: self.line.cell("warn_if"), f"{place}.when": self.line.cell("warn_if")}
        note_text(self.walk.cells, self.line, f"{place}.text", "warn", f"{code} warn")
        if when is not None:
            self.raw["warn_if"] = {"when": when, "text": words} if words else {"when": when}
        elif words and not self.line.text("warn_if"):
            self.line.fail("warn_if", "missing", "Say when this note shows, or empty the cells of 'warn'.")

    def read_evidence(self, code: str) -> None:
        words, required = self.line.words("evidence"), self.line.truth("evidence_required")
        place = f"{self.place}.evidence"
        self.walk.cells |= {place: self.line.cell("evidence")}
        self.walk.cells |= {f"{place}.required": self.line.cell("evidence_required")}
        note_text(self.walk.cells, self.line, f"{place}.text", "evidence", f"{code} evidence")
        if words or required is not None:
            self.raw["evidence"] = {"text": words, "required": bool(required)}
