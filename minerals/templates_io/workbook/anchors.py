"""Where a declaration keeps its fields: by the labels in the file, by its own list of labels, by the table we know."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

import msgspec

from minerals.templates_io.enums import Tier
from minerals.templates_io.workbook.cells import Grid, cell_place, fill_gaps
from minerals.templates_io.workbook.label_sheet import english_labels
from minerals.templates_io.workbook.opening import Book
from minerals.templates_io.workbook.packs import Labels, Layout, labels_of

LABEL_COLUMN: Final = 2
# How many rows further down than known a question may stand: 2.00 repeats all questions in other languages below.
FEW, MANY = 12, 60
FIRST_QUESTION: Final = 18  # no version asks anything above this row
QUESTION: Final = re.compile(r"(\d{1,2})\s*[).]")
LETTER: Final = re.compile(r"([A-K])\s*[.:．、)]")
NOTES: Final = "©"


class Anchors(msgspec.Struct, frozen=True):
    """The rows of a declaration, what they were found by, and the labels that were trusted."""

    company: dict[str, int]
    questions: dict[str, int]
    letters: dict[str, int]
    tier: Tier
    labels: dict[int, str]

    def rows_below(self, row: int, most: int) -> range:
        """Return the rows between an anchor and the next one, at most `most` of them."""
        starts = (*self.questions.values(), *self.letters.values())
        return range(row + 1, min((start for start in starts if row < start <= row + most), default=row + most + 1))


def find_anchors(sheet: Grid, layout: Layout, book: Book, *, guessed: bool = False) -> Anchors:
    """Find every row a layout speaks of; the list of labels is read only where the sheet's own labels fail."""
    labels = read_labels(sheet)
    asked = set(asked_rows(layout))
    last = max(asked_rows(layout).values()) + (FEW if layout.sure and not guessed else MANY)
    questions, letters = find_questions(labels, last)
    tier = Tier.LABELS
    company = find_company(labels, layout)
    if not asked <= {*questions, *letters} or "name" not in company:
        known = known_labels(book)
        more_questions, more_letters = find_questions(known, last)
        if not asked <= {*questions, *letters}:
            tier = Tier.KEYS if asked <= {*questions, *letters, *more_questions, *more_letters} else Tier.FIXED
        questions, letters = more_questions | questions, more_letters | letters
        company = find_company(known, layout) | company
        labels = known | labels
    rows = fill_gaps({**questions, **letters}, asked_rows(layout))
    return Anchors(
        company=fill_gaps(company, layout.company),
        questions={name: row for name, row in rows.items() if name.isdigit()},
        letters={name: row for name, row in rows.items() if not name.isdigit()},
        tier=tier,
        labels=labels,
    )


def read_labels(sheet: Grid) -> dict[int, str]:
    """Return {row: label} of a declaration down to its footer, in compatibility form: １） is 1)."""
    labels = {}
    for row in range(1, len(sheet.rows) + 1):
        beside = sheet.raw(row, 1)
        text = sheet.raw(row, LABEL_COLUMN)
        if row > FIRST_QUESTION and any(isinstance(each, str) and each.startswith(NOTES) for each in (beside, text)):
            break
        if label := sheet.text(row, LABEL_COLUMN):
            labels[row] = unicodedata.normalize("NFKC", label)
    return labels


def known_labels(book: Book) -> dict[int, str]:
    """Return {row: English label} of the declaration as the file's own list of labels gives them."""
    places = ((*cell_place(cell), text) for cell, text in english_labels(book, "Declaration").items())
    return {row: unicodedata.normalize("NFKC", text) for row, column, text in places if column == LABEL_COLUMN}


def asked_rows(layout: Layout) -> dict[str, int]:
    """Return {number or letter: row} of all that a layout asks."""
    return {**layout.questions, **layout.letters}


def find_questions(labels: Mapping[int, str], last: int) -> tuple[dict[str, int], dict[str, int]]:
    """Return {number: row} and {letter: row}; each counts once, in its order, for lists of options repeat letters."""
    questions: dict[str, int] = {}
    letters: dict[str, int] = {}
    for row, label in sorted(labels.items()):
        if not FIRST_QUESTION <= row <= last:
            continue
        if (found := QUESTION.match(label)) and not letters and int(found[1]) > len(questions):
            questions.setdefault(str(int(found[1])), row)
        elif (found := LETTER.match(label)) and found[1] > max(letters, default=""):
            letters[found[1]] = row
    return questions, letters


def find_company(labels: Mapping[int, str], layout: Layout) -> dict[str, int]:
    """Return {field: row} of the company block, by labels in any language."""
    known: Labels = labels_of("company_old" if layout.labels == "old" else "company")
    found: dict[str, int] = {}
    last = min(layout.questions.values()) + 2
    for row, label in sorted(labels.items()):
        field = known.match(label) if row <= last else ""
        field = field or ("minerals" if known.match_start(label) == "minerals" and row <= last else "")
        if field in layout.company:
            found.setdefault(field, row)
    return found
