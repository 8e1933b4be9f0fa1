"""The sheet `settings`: one row with the head of the questionnaire."""

import re

from msgspec import Struct

from assessments.questionnaires.core import ShapeCode, SheetCode
from assessments.questionnaires.document.reading import cut
from assessments.questionnaires.workbook.grid import Grid, Line
from assessments.questionnaires.workbook.layout import language_head, read_language
from assessments.questionnaires.workbook.shortforms import read_bands

_PARTS = re.compile(r"[,;、，\s]+")
_PLACES = {"form_id": "code", "version": "version", "code_of_conduct": "code_of_conduct", "asked_of": "asked_of"}


class Settings(Struct, frozen=True):
    """What the sheet says; `languages` is empty where it does not list them."""

    source: dict[str, object] = {}
    default_language: str = "en"
    languages: tuple[str, ...] = ()
    extends: str | None = None
    extends_version: str | None = None


def read_settings(grid: Grid, cells: dict[str, str]) -> Settings:
    """Read the one row of the sheet, and note which cell holds what."""
    lines = list(grid.lines())
    if not lines:
        if grid.head_row is not None:
            grid.notes.fail(grid.name, SheetCode.NO_SETTINGS)
        return Settings()
    for line in lines[1:]:
        line.fail("form_id", SheetCode.SECOND_ROW)
    return _read_line(lines[0], cells)


def _read_line(line: Line, cells: dict[str, str]) -> Settings:
    default = _read_default(line)
    languages = _read_languages(line)
    line.grid.settle_languages(default, languages)
    source: dict[str, object] = {"title": _read_title(line, default, cells)}
    for field, place in _PLACES.items():
        cells[place] = line.cell(field)
        if line.code(field):
            source[place] = line.code(field)
    for field in ("bands", "languages", "default_language", "extends", "extends_version"):
        cells[field] = line.cell(field)
    bands = line.short("bands", read_bands)
    if bands:
        source["bands"] = bands
    extends = line.code("extends") or None
    if extends is None and line.code("extends_version"):
        line.fail("extends_version", SheetCode.NO_EXTENDS)
    return Settings(source, default, languages, extends, line.code("extends_version") or None)


def _read_default(line: Line) -> str:
    text = line.code("default_language")
    language = read_language(text) if text else "en"
    if language is None:
        line.fail("default_language", SheetCode.LANGUAGE_NAME, found=cut(text), example=language_head("en"))
    return language or "en"


def _read_languages(line: Line) -> tuple[str, ...]:
    found = []
    for part in _PARTS.split(line.code("languages")):
        language = read_language(part) if part else None
        if language is not None:
            found.append(language)
        elif part:
            line.fail("languages", ShapeCode.BAD_LANGUAGE, found=cut(part))
    return tuple(found)


def _read_title(line: Line, default: str, cells: dict[str, str]) -> dict[str, str]:
    cells["title"] = cells[f"title.{default}"] = line.cell("form_title")
    titles = line.words("translated_title")
    cells.update({f"title.{language}": line.cell("translated_title", language) for language in titles})
    return {default: line.text("form_title"), **titles} if line.text("form_title") else titles
