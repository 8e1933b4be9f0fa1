"""The sheet `survey`: sections and the questions in them."""

import re
from typing import Final

from assessments.questionnaires.document.parsing import QUESTION_CODE, SECTION_CODE
from assessments.questionnaires.workbook.choices import Raw
from assessments.questionnaires.workbook.grid import Grid, Line, shown
from assessments.questionnaires.workbook.questions import (
    SHOWN_TYPES,
    Around,
    note_text,
    read_guidance,
    read_question,
    read_type_words,
)

_SECTION_NAME: Final = "The name of a section is short and in capitals, such as A3."
_QUESTION_NAME: Final = "The name of a question is in capitals with a dash, such as A3-LONGEST-WEEK."
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
            line.fail("type", "missing", f"The type is missing; it is one of {', '.join(SHOWN_TYPES)}.")
        else:
            self.question(line, words)

    def begin(self, line: Line) -> None:
        if self.opened is not None:
            message = f"The section of row {self.opened.number} is still open; end it with end_group first."
            line.fail("type", "nested", message)
        self.opened = line
        self.check_code(line, SECTION_CODE, _SECTION_NAME)
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

    def check_code(self, line: Line, form: re.Pattern[str], wanted: str) -> None:
        """Name a code of another form, and one that stands twice at its second row."""
        code = line.code("name")
        if not form.fullmatch(code):
            line.fail("name", "bad_code", wanted)
        first = self.rows.setdefault(code, line.number)
        if code and first != line.number:
            line.fail("name", "duplicate_code", f"The name {shown(code)} stands in row {first} already.")

    def question(self, line: Line, words: str) -> None:
        self.check_code(line, QUESTION_CODE, _QUESTION_NAME)
        if self.opened is None:
            line.fail("type", "no_section", "This question stands in no section; put a row begin_group before it.")
        if not self.sections:
            return
        questions = self.sections[-1]["questions"]
        place = f"sections[{len(self.sections) - 1}].questions[{len(questions)}]"
        questions.append(read_question(line, place, words, self.around))
