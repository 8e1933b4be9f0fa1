"""The Declaration sheet: company, scope, minerals, answers."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import msgspec

from minerals.templates_io.document import Answer, Company, CompanyAnswer
from minerals.templates_io.workbook.anchors import Anchors, find_anchors
from minerals.templates_io.workbook.cells import CellValue, Grid, clean_text
from minerals.templates_io.workbook.dates import read_date
from minerals.templates_io.workbook.opening import Book
from minerals.templates_io.workbook.packs import Layout, labels_of

VALUE: Final = (4, 5, 6)  # D, merged to the right; a cell that was split may hold its value in E or F
COMMENT: Final = (7, 8, 9, 10)
PICKED: Final = range(4, 11)
DELETED: Final = re.compile(r"\(?\s*delete\b|other\s*\[", re.IGNORECASE)
STARS: Final = re.compile(r"\s*\(\*\)\s*$")
SCOPE: Final = re.compile(r"([A-D])\s*[.):]")
HINTS: Final = ("Click here", "Link to")
PERCENT: Final = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%")
WORDS: Final = {"yes": "Yes", "no": "No", "unknown": "Unknown"}


class Said(msgspec.Struct, frozen=True):
    """What a Declaration sheet says, and how it was found."""

    anchors: Anchors
    company: Company
    scope: str
    scope_text: str
    scope_description: str
    effective_date: str
    effective_text: str
    minerals: tuple[str, ...]
    answers: dict[str, dict[str, Answer]]
    company_questions: dict[str, CompanyAnswer]


def read_sheet(sheet: Grid, layout: Layout, book: Book, *, guessed: bool) -> Said:
    """Read all of a declaration but its lists."""
    anchors = find_anchors(sheet, layout, book, guessed=guessed)
    fields = {field: _company_text(sheet, row) for field, row in anchors.company.items()}
    page = Page(sheet, layout, anchors, layout.minerals or _picked_minerals(sheet, anchors))
    answers = {
        question: page.read_minerals(question, row)
        for question, row in sorted(anchors.questions.items(), key=lambda item: item[1])
    }
    date = sheet.raw(anchors.company.get("date", 0), VALUE[0])
    scope, day = fields.get("scope", ""), fields.get("date", "")
    return Said(
        anchors=anchors,
        company=Company(**{name: fields.get(name, "") for name in Company.__struct_fields__}),
        scope=read_scope(scope),
        scope_text=scope,
        scope_description=fields.get("description", ""),
        effective_date=read_date(date if clean_text(date) else day),
        effective_text=day,
        minerals=page.minerals or tuple(dict.fromkeys(mineral for given in answers.values() for mineral in given)),
        answers=answers,
        company_questions={letter: page.read_letter(letter, row) for letter, row in sorted(anchors.letters.items())},
    )


class Page(msgspec.Struct, frozen=True):
    """A declaration whose rows are found and whose minerals are known."""

    sheet: Grid
    layout: Layout
    anchors: Anchors
    minerals: tuple[str, ...]

    def read_minerals(self, name: str, row: int) -> dict[str, Answer]:
        """Return {mineral: answer} of the rows below a question, also of minerals that were left without one."""
        expected = self.layout.only.get(name, self.layout.minerals) or tuple(sorted(self.minerals))
        rows = self.anchors.rows_below(row, self.layout.mineral_rows)
        labels = {each: self.anchors.labels.get(each, "") for each in rows}
        if not self.layout.minerals and any(labels.values()):
            named = {each: canonical_mineral(label) for each, label in labels.items() if label}
        else:
            named = dict(_by_place(labels, expected))
        found: dict[str, Answer] = {}
        for each, mineral in named.items():
            found.setdefault(mineral, self.read_mineral(each))
        return found

    def read_mineral(self, row: int) -> Answer:
        """Return the answer of one mineral, with its comment."""
        value = self.answer(row)
        written = self.sheet.raw(row, VALUE[0])
        exact = not (value and isinstance(written, str)) or written.casefold() == value.casefold()
        return Answer(value, _comment(self.sheet, row), f"D{row}", exact)

    def read_letter(self, letter: str, row: int) -> CompanyAnswer:
        """Return the answer to a company question, with its minerals where it asks per mineral."""
        minerals = self.read_minerals(letter, row) if letter == self.layout.per_mineral else {}
        return CompanyAnswer(self.answer(row), _comment(self.sheet, row), f"D{row}", minerals)

    def answer(self, row: int) -> str:
        """Return the answer of a row; a merged cell that was split may hold it one column further."""
        values = (read_answer(self.sheet.raw(row, column)) for column in VALUE[:2])
        return next((text for text in values if text), "")


def read_scope(text: str) -> str:
    """Return the letter of a scope; also of one typed without its letter, where the word leaves no doubt."""
    if found := SCOPE.match(text.upper()):
        return found[1]
    if text.upper() in {"A", "B", "C", "D"}:
        return text.upper()
    word = text.casefold()
    return "A" if word.startswith("company") else "B" if word.startswith("product (") else ""


def read_answer(value: CellValue) -> str:
    """Return an answer: a share of 1 is 100%, yes and no in the language of the labels are English."""
    if isinstance(value, float) and not isinstance(value, bool) and 0 < value <= 1:
        return f"{value:.0%}"
    text = clean_text(value)
    if text in {"1", "1.0"}:
        return "100%"
    if found := PERCENT.fullmatch(text):
        return f"{float(found[1]):g}%"
    return WORDS.get(labels_of("words").match(text), text) if len(text) < 20 else text  # noqa: PLR2004 longer is a sentence


@lru_cache(maxsize=500)
def canonical_mineral(label: str) -> str:
    """Return the English name of a mineral, however a template or a user writes it; the text itself if unknown."""
    return labels_of("minerals").match(label) or STARS.sub("", label).strip()


def _company_text(sheet: Grid, row: int) -> str:
    return "" if (text := sheet.first_text(row, VALUE)).startswith(HINTS) else text


def _comment(sheet: Grid, row: int) -> str:
    texts = (sheet.text(row, column) for column in COMMENT)
    return next((text for text in texts if text and not text.startswith(HINTS)), "")


def _picked_minerals(sheet: Grid, anchors: Anchors) -> tuple[str, ...]:
    """Return the minerals the user picked or typed, each once; other ones stand in the rows below."""
    rows = range(anchors.company.get("minerals", 0), anchors.company.get("id", 0))
    texts = (sheet.text(row, column) for row in rows for column in PICKED)
    picked = (text for text in texts if text and not DELETED.match(text) and not text.startswith(HINTS))
    return tuple(dict.fromkeys(map(canonical_mineral, picked)))


def _by_place(labels: dict[int, str], expected: tuple[str, ...]) -> Iterable[tuple[int, str]]:
    """Yield (row, mineral): by the label where it names an expected mineral, else by the place below the question.

    Rows beyond the expected minerals hold left-over answers of other templates.
    """
    by_label = {row: canonical_mineral(label) for row, label in labels.items() if label}
    for row, mineral in zip(labels, expected, strict=False):
        named = by_label.get(row, "")
        yield row, named if named in expected else mineral
