"""From a document to the sheets of a workbook."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from assessments.questionnaires.document import Document, own_source
from assessments.questionnaires.enums import Kind
from assessments.questionnaires.workbook.expressions import write_condition
from assessments.questionnaires.workbook.layout import (
    CHOICES,
    COLUMNS,
    FLAGS,
    SETTINGS,
    SURVEY,
    language_head,
    show_code,
)
from assessments.questionnaires.workbook.shortforms import write_bands, write_examples, write_limits, write_score

Raw = Mapping[str, Any]
Fields = Mapping[str, object]
"""One row: a value per column; a text is a map of languages."""

YES_NO: Final = "yes_no"
_YES_NO_TEXTS: Final[tuple[tuple[str, dict[str, str]], ...]] = (
    ("yes", {"en": "Yes", "ja": "はい", "zh-hans": "是", "th": "ใช่"}),
    ("no", {"en": "No", "ja": "いいえ", "zh-hans": "否", "th": "ไม่ใช่"}),
)


def sheets_of(document: Document, *, base: Document | None = None) -> dict[str, list[list[object]]]:
    """Give the four sheets, each a head and its rows; with `base` only what the document adds to it."""
    raw: Raw = msgspec.to_builtins(document) if base is None else own_source(document, base)
    questions = [question for section in raw["sections"] for question in section.get("questions", ())]
    rows = {
        SURVEY: _survey_rows(raw["sections"]),
        CHOICES: _choice_rows(questions),
        FLAGS: (_flag_row(flag) for flag in raw.get("flags", ())),
        SETTINGS: [_settings_row(document, base)],
    }
    return {sheet: _lay_out(sheet, rows[sheet], document) for sheet in COLUMNS}


def _lay_out(sheet: str, rows: Iterable[Fields], document: Document) -> list[list[object]]:
    """Put rows under a head with one column per language where there are texts."""
    places: list[tuple[str, str | None]] = []
    for column in COLUMNS[sheet]:
        others = [one for one in document.languages if not (column.only_others and one == document.default_language)]
        places += [(column.name, language) for language in (others if column.by_language else (None,))]
    head: list[object] = [name if one is None else f"{name}::{language_head(one)}" for name, one in places]
    return [head, *([_pick(row.get(name), language) for name, language in places] for row in rows)]


def _pick(value: object, language: str | None) -> object:
    if language is None:
        return value
    return value.get(language) if isinstance(value, Mapping) else None


def _yes(value: object) -> str:
    return "yes" if value else "no"


def _plain(number: object) -> object:
    return int(number) if isinstance(number, float) and number.is_integer() else number


# ---- survey -------------------------------------------------------------------------------------------
def _survey_rows(sections: Sequence[Raw]) -> Iterator[Fields]:
    for section in sections:
        yield {
            "type": "begin_group",
            "name": section["code"],
            "label": section["title"],
            "hint": section.get("intro"),
        }
        for question in section.get("questions", ()):
            yield {**_question_row(question), **_extras(question)}
        yield {"type": "end_group", "name": section["code"]}


def _question_row(question: Raw) -> Fields:
    kind, appearance = write_type(question)
    return {
        "type": kind,
        "name": question["code"],
        "label": question["text"],
        "hint": question.get("guidance"),
        "required": _yes(question.get("required", True)),
        "relevant": write_condition(question["show_if"]) if "show_if" in question else None,
        "constraint": write_limits(question.get("min"), question.get("max")),
        "appearance": appearance,
        "rows": rows_list(question["code"]) if question.get("rows") else None,
        "columns": columns_list(question["code"]) if question.get("columns") else None,
    }


def _extras(question: Raw) -> Fields:
    """Our own columns."""
    warn, slot = question.get("warn_if"), question.get("evidence")
    return {
        "provision": question.get("provision"),
        "asks": ", ".join(question.get("asks", ())),
        "weight": _plain(question.get("weight")) or None,
        "score": write_score(question.get("score") or {}),
        "unit": question.get("unit"),
        "period": question.get("period"),
        "decimals": question.get("decimals"),
        "why": question.get("why"),
        "evidence": slot.get("text") if slot is not None else None,
        "evidence_required": _yes(slot.get("required")) if slot is not None else None,
        "warn_if": write_condition(warn["when"]) if warn else None,
        "warn": warn["text"] if warn else None,
    }


def write_type(question: Raw) -> tuple[str, str | None]:
    """Give the type and the appearance of a question; both are XLSForm."""
    kind, number = Kind(question["kind"]), "decimal" if question.get("decimals") else "integer"
    return {
        Kind.SINGLE: (f"select_one {question['code']}", None),
        Kind.MULTIPLE: (f"select_multiple {question['code']}", None),
        Kind.YES_NO: (f"select_one {YES_NO}", None),
        Kind.NUMBER: (number, None),
        Kind.PERCENTAGE: (number, "percentage"),
        Kind.DATE: ("date", None),
        Kind.TEXT: ("text", None),
        Kind.HEADCOUNT: ("text", "headcount"),
        Kind.DOCUMENT: ("file", None),
    }[kind]


def rows_list(code: str) -> str:
    """Name the list that holds the rows of a head-count table."""
    return f"{code}.rows"


def columns_list(code: str) -> str:
    """Name the list that holds the columns of a head-count table."""
    return f"{code}.columns"


# ---- choices ------------------------------------------------------------------------------------------
def _choice_rows(questions: Sequence[Raw]) -> Iterator[Fields]:
    if any(question["kind"] == Kind.YES_NO for question in questions):
        yield from ({"list_name": YES_NO, "name": code, "label": text} for code, text in _YES_NO_TEXTS)
    for question in questions:
        code = question["code"]
        yield from (_choice_row(code, choice) for choice in question.get("choices", ()))
        yield from (_choice_row(rows_list(code), axis) for axis in question.get("rows", ()))
        yield from (_choice_row(columns_list(code), axis) for axis in question.get("columns", ()))


def _choice_row(list_name: str, choice: Raw) -> Fields:
    return {
        "list_name": list_name,
        "name": choice["code"],
        "label": choice["text"],
        "points": _plain(choice.get("points")),
        "exclusive": "yes" if choice.get("exclusive") else None,
    }


# ---- flags and settings -------------------------------------------------------------------------------
def _flag_row(flag: Raw) -> Fields:
    return {
        "code": flag["code"],
        "provision": flag["provision"],
        "severity": flag["severity"],
        "when": write_condition(flag["when"]),
        "text": flag["text"],
        "advice": flag.get("advice"),
        "fires": write_examples(flag.get("fires", ())),
        "quiet": write_examples(flag.get("quiet", ())),
    }


def _settings_row(document: Document, base: Document | None) -> Fields:
    bands = [msgspec.to_builtins(band) for band in document.bands]
    return {
        "form_title": document.title.get(document.default_language),
        "translated_title": document.title,
        "form_id": document.code,
        "version": document.version,
        "default_language": language_head(document.default_language),
        "languages": ", ".join(show_code(language) for language in document.languages),
        "code_of_conduct": document.code_of_conduct,
        "asked_of": document.asked_of.value,
        "bands": write_bands(bands),
        "extends": base.code if base else None,
        "extends_version": base.version if base else None,
    }
