"""The sheet `survey`: sections and the questions in them."""

import re
from typing import Final

from assessments.questionnaires.core import SheetCode
from assessments.questionnaires.document.parsing import QUESTION_CODE, SECTION_CODE
from assessments.questionnaires.document.reading import cut
from assessments.questionnaires.workbook.choices import Raw
from assessments.questionnaires.workbook.grid import Grid, Line
from assessments.questionnaires.workbook.questions import (
    SHOWN_TYPES,
    Around,
    note_text,
    read_guidance,
    read_question,
    read_type_words,
)

_SECTION_FIELDS: Final = frozenset({"type", "name", "label", "hint", "guidance_hint", "appearance"})


def find_dates(grid: Grid) -> frozenset[str]:
    """Give the codes of the questions whose answers are days."""
    return frozenset(line.code("name") for line in grid.lines() if line.code("type").lower() == "date")


def read_survey(grid: Grid, around: Around) -> list[Raw]:
    """Read the sections; note the cells."""
    walk = _Walk(around)
    for line in grid.lines():
        walk.read(line)
    walk.end()
    return walk.sections


class _Walk:
    """Goes down the rows and puts each question into its section."""

    def __init__(self, around: Around) -> None:
        self.around = around
        self.cells = around.cells
        self.sections: list[Raw] = []
        self.opened: Line | None = None
        self.rows: dict[str, int] = {}

    def read(self, line: Line) -> None:
        """Read one row by its type."""
        words = read_type_words(line.code("type"))
        if words == "begin_group":
            self.begin(line)
        elif words == "end_group":
            self.close(line)
        elif not words:
            line.fail("type", SheetCode.TYPE_MISSING, listed=SHOWN_TYPES)
        else:
            self.question(line, words)

    def begin(self, line: Line) -> None:
        if self.opened is not None:
            line.fail("type", SheetCode.NESTED, row=self.opened.number)
        self.opened = line
        self.check_code(line, SECTION_CODE, SheetCode.SECTION_NAME)
        self.refuse_fields(line)
        place = f"sections[{len(self.sections)}]"
        code, title, intro = line.code("name"), line.words("label"), read_guidance(line)
        self.cells |= {place: line.cell("name"), f"{place}.code": line.cell("name")}
        note_text(self.cells, line, f"{place}.title", "label", f"{code} title")
        note_text(self.cells, line, f"{place}.intro", "hint", f"{code} intro")
        section: Raw = {"code": code, "title": title, "questions": []}
        self.sections.append({**section, "intro": intro} if intro else section)

    def refuse_fields(self, line: Line) -> None:
        """A section holds a title and an introduction; whatever else stands there would be lost."""
        for field, language in line.grid.fields:
            if field not in _SECTION_FIELDS and line.text(field, language):
                line.fail(field, SheetCode.SECTION_FIELD, field=field)

    def close(self, line: Line) -> None:
        if self.opened is None:
            line.fail("type", SheetCode.NOT_OPEN)
        self.opened = None

    def end(self) -> None:
        if self.opened is not None:
            self.opened.fail("type", SheetCode.NOT_ENDED)

    def check_code(self, line: Line, form: re.Pattern[str], otherwise: SheetCode) -> None:
        """Name a code of another form, and one that stands twice at its second row."""
        code = line.code("name")
        if not form.fullmatch(code):
            line.fail("name", otherwise)
        first = self.rows.setdefault(code, line.number)
        if code and first != line.number:
            line.fail("name", SheetCode.DOUBLE_NAME, found=cut(code), row=first)

    def question(self, line: Line, words: str) -> None:
        self.check_code(line, QUESTION_CODE, SheetCode.QUESTION_NAME)
        if self.opened is None:
            line.fail("type", SheetCode.NO_SECTION)
        if not self.sections:
            return
        questions = self.sections[-1]["questions"]
        place = f"sections[{len(self.sections) - 1}].questions[{len(questions)}]"
        questions.append(read_question(line, place, words, self.around))
