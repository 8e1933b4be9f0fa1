"""One question of the sheet `survey`: from a row to the source of a document."""

import difflib
import re
from typing import Final

from msgspec import Struct

from assessments.questionnaires.core import SheetCode
from assessments.questionnaires.document import RawCondition
from assessments.questionnaires.document.reading import cut, hint
from assessments.questionnaires.workbook.choices import Item, Lists, Raw
from assessments.questionnaires.workbook.expressions import parse_condition
from assessments.questionnaires.workbook.grid import Line
from assessments.questionnaires.workbook.shortforms import read_limits, read_score

YES_NO: Final = "yes_no"
DEFAULT_DECIMALS: Final = 2
"""Of the type decimal, where the column says nothing."""

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
SHOWN_TYPES: Final = (
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
_LIST_KINDS: Final = {"select_one": "single", "select_multiple": "multiple"}
_PARTS: Final = re.compile(r"[,;、，\s]+")
_OLD_TYPE: Final = re.compile(r"\A(begin|end|select)[ _](group|one|multiple)\b", re.IGNORECASE)
_LISTED: Final = re.compile(r"(select_one|select_multiple)(?:\s+(.+))?")


class Around(Struct, frozen=True):
    """What a row is read with: the lists, the questions that are dates, and the cells noted so far."""

    lists: Lists
    dates: frozenset[str]
    cells: dict[str, str]


def read_question(line: Line, place: str, words: str, around: Around) -> Raw:
    """Read a row whose type is `words` as the question at `place`; what cannot be read is noted and left out."""
    return _QuestionRow(line, place, around).read(words)


def read_type_words(text: str) -> str:
    """Give a type as XLSForm spells it today: "select one from LIST" as "select_one LIST"."""
    words = _OLD_TYPE.sub(lambda match: f"{match[1]}_{match[2]}", " ".join(text.split()))
    first, blank, rest = words.partition(" ")
    return f"{first.lower()}{blank}{rest.removeprefix('from ')}"


def note_text(cells: dict[str, str], line: Line, place: str, field: str, name: str) -> None:
    """Note where a text stands, each language too; `name` is what missing translations are reported by."""
    cells[place] = cells[name] = line.cell(field)
    for known, language in line.grid.fields:
        if known == field:
            cells[f"{place}.{language}"] = line.cell(field, language)


def _type_hint(words: str) -> dict[str, object]:
    """Give the type whose first word is nearest, as the param of a hint; or all types."""
    firsts = {known.partition(" ")[0]: known for known in reversed(SHOWN_TYPES)}
    near = difflib.get_close_matches(words.partition(" ")[0], list(firsts), n=1)
    return {"near": firsts[near[0]]} if near else {"known": SHOWN_TYPES}


def read_guidance(line: Line) -> dict[str, str]:
    """Give the hint, and behind it what XLSForm keeps in guidance_hint."""
    hint, more = line.words("hint"), line.words("guidance_hint")
    return {language: " ".join(filter(None, (hint.get(language), more.get(language)))) for language in {**hint, **more}}


class _QuestionRow:
    """One question on its way from a row to the source."""

    def __init__(self, line: Line, place: str, around: Around) -> None:
        self.line = line
        self.place = place
        self.around = around
        self.raw: Raw = {}

    def read(self, words: str) -> Raw:
        """Read the row; what cannot be read is noted and left out."""
        line = self.line
        code = line.code("name")
        self.around.cells[self.place] = line.cell("name")
        self.keep("code", "name", code or None)
        self.read_type(words)
        self.read_texts(code)
        self.keep("required", "required", bool(line.truth("required")))
        self.keep("provision", "provision", line.code("provision") or None)
        asks = [part.lower() for part in _PARTS.split(line.code("asks")) if part]
        self.keep("asks", "asks", asks or None)
        self.keep("weight", "weight", line.number_of("weight"))
        for field in ("unit", "period"):
            self.keep(field, field, line.code(field).lower() or None)
        self.read_limits()
        self.keep("score", "score", self.line.short("score", read_score))
        self.keep("show_if", "relevant", self.condition("relevant"))
        self.read_warning(code)
        self.read_evidence(code)
        return self.raw

    def keep(self, key: str, field: str, value: object) -> None:
        """Keep a value unless there is none, and note its cell either way."""
        self.around.cells[f"{self.place}.{key}"] = self.line.cell(field)
        if value is not None:
            self.raw[key] = value

    # ---- the type
    def read_type(self, words: str) -> None:
        appearance = self.line.code("appearance").lower()
        listed = _LISTED.fullmatch(words)
        if listed and (listed[2] or "").strip() != YES_NO:
            self.keep("kind", "type", _LIST_KINDS[listed[1]])
            self.read_list("choices", "type", (listed[2] or "").strip())
        elif listed and listed[1] == "select_multiple":
            self.line.fail("type", SheetCode.YES_NO_MULTIPLE)
        else:
            self.read_plain_type(YES_NO if listed else words, appearance)
        if listed and appearance:
            self.line.fail("appearance", SheetCode.APPEARANCE, found=cut(appearance), type=words)
        self.read_decimals(words)
        self.read_table()

    def read_plain_type(self, words: str, appearance: str) -> None:
        kind = _PLAIN_TYPES.get(words)
        if kind is None:
            self.line.fail("type", SheetCode.UNKNOWN_TYPE, found=cut(words), **_type_hint(words))
        kind = _APPEARANCES.get((words, appearance), kind)
        if kind is not None and appearance and words != appearance and (words, appearance) not in _APPEARANCES:
            self.line.fail("appearance", SheetCode.PLAIN_APPEARANCE, found=cut(appearance), type=words)
        self.keep("kind", "type", kind)

    def read_table(self) -> None:
        """Read the lists of a head-count table; no other question has them."""
        for key in ("rows", "columns"):
            name = self.line.code(key)
            if self.raw.get("kind") == "headcount":
                self.read_list(key, key, name)
            elif name:
                self.line.fail(key, SheetCode.NO_TABLE, field=key)

    def read_decimals(self, words: str) -> None:
        decimals = self.line.number_of("decimals")
        if decimals is None and words == "decimal":
            decimals = DEFAULT_DECIMALS
        if decimals and words == "integer":
            self.line.fail("decimals", SheetCode.INTEGER_DECIMALS)
        self.keep("decimals", "decimals", decimals)

    def read_list(self, key: str, field: str, name: str) -> None:
        """Put the choices of a list into the question, and note their cells."""
        items = self.around.lists.get(name)
        if items is None:
            self.refuse_list(field, name)
        self.keep(key, field, [dict(item.raw) for item in items] if items else None)
        code, kind = self.line.code("name"), {"choices": "choice", "rows": "row", "columns": "column"}[key]
        for index, item in enumerate(items or ()):
            self.note_choice(f"{self.place}.{key}[{index}]", item, f"{code} {kind} {item.raw['code']}")

    def refuse_list(self, field: str, name: str) -> None:
        known = list(self.around.lists)
        if name:
            self.line.fail(field, SheetCode.UNKNOWN_LIST, found=cut(name), **(hint(name, known) if known else {}))
        else:
            self.line.fail(field, SheetCode.LIST_MISSING)

    def note_choice(self, place: str, item: Item, name: str) -> None:
        cells = self.around.cells
        cells[place] = cells[f"{place}.code"] = item.line.cell("name")
        note_text(cells, item.line, f"{place}.text", "label", name)
        for field in ("points", "exclusive"):
            cells[f"{place}.{field}"] = item.line.cell(field)

    # ---- texts
    def read_texts(self, code: str) -> None:
        for language in self.line.words("constraint_message"):
            cell = self.line.cell("constraint_message", language)
            self.line.grid.notes.fail(cell, SheetCode.NOT_KEPT)
        texts = {"text": ("label", self.line.words("label")), "guidance": ("hint", read_guidance(self.line))}
        texts["why"] = ("why", self.line.words("why"))
        for key, (field, words) in texts.items():
            note_text(self.around.cells, self.line, f"{self.place}.{key}", field, f"{code} {key}")
            if words:
                self.raw[key] = words

    # ---- rules
    def condition(self, field: str) -> RawCondition | None:
        return self.line.short(field, lambda text: parse_condition(text, self.around.dates))

    def read_limits(self) -> None:
        limits = self.line.short("constraint", read_limits) or {}
        self.keep("min", "constraint", limits.get("min"))
        self.keep("max", "constraint", limits.get("max"))

    def read_warning(self, code: str) -> None:
        when, words = self.condition("warn_if"), self.line.words("warn")
        place = f"{self.place}.warn_if"
        self.around.cells.update({place: self.line.cell("warn_if"), f"{place}.when": self.line.cell("warn_if")})
        note_text(self.around.cells, self.line, f"{place}.text", "warn", f"{code} warn")
        if when is not None:
            self.raw["warn_if"] = {"when": when, "text": words} if words else {"when": when}
        elif words and not self.line.text("warn_if"):
            self.line.fail("warn_if", SheetCode.NO_WARN_IF)

    def read_evidence(self, code: str) -> None:
        words, required = self.line.words("evidence"), self.line.truth("evidence_required")
        place = f"{self.place}.evidence"
        self.around.cells.update({place: self.line.cell("evidence")})
        self.around.cells.update({f"{place}.required": self.line.cell("evidence_required")})
        note_text(self.around.cells, self.line, f"{place}.text", "evidence", f"{code} evidence")
        if words or required is not None:
            self.raw["evidence"] = {"text": words, "required": bool(required)}
