"""What a blank template offers to whoever fills it: its cells, its option words, its look-up list."""

import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import msgspec
import python_calamine

from minerals.templates_io.enums import Template
from minerals.templates_io.workbook.building.layouts import Layout, layout_of
from minerals.templates_io.workbook.patching.cells import Unwritable, split_cell

REVISION: Final = re.compile(r"Revision\s+(\d+(?:\.\d+)*[a-z]?)", re.IGNORECASE)
TITLE: Final = re.compile(r"\((CMRT|EMRT|AMRT|PRT|CRT)\)")
LOOKUP_HEADER: Final = 4
FIRST_SMELTER, FIRST_PRODUCT = 5, 6
FEW: Final = 10
USUAL_ROOM: Final = 2500  # rows that every template since 2.0 prepares
USUAL_PRODUCTS: Final = 2000
SENTENCE: Final = 12  # shorter answers (Yes, No, 75%) are spelled alike everywhere
WRITABLE = {Template.CMRT: 6.0, Template.EMRT: 1.0, Template.AMRT: 1.0}  # since this version


class Listed(msgspec.Struct, frozen=True):
    """One row of the template's look-up list, with the row of the sheet it stands in."""

    row: int
    metal: str
    lookup: str
    name: str
    country: str
    cid: str
    source: str
    street: str
    city: str
    state: str


class Blank:
    """A template as its cells, read once."""

    def __init__(self, content: bytes) -> None:
        try:
            self.book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
            self.declaration = self._rows("Declaration")
        except (python_calamine.CalamineError, OSError, ValueError) as error:
            raise Unwritable("broken") from error
        if not self.declaration:
            raise Unwritable("no_template")
        self.template, self.version = self._identify()
        self.layout: Layout = layout_of(self.template, self.version)
        self._check_anchors()

    def _rows(self, sheet: str) -> list[list[Any]]:
        if sheet not in self.book.sheet_names:
            return []
        return self.book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)

    def text(self, cell: str) -> str:
        """Return the text of a cell of the Declaration."""
        row, column = split_cell(cell)
        return text_at(self.declaration, row, column)

    def _identify(self) -> tuple[Template, str]:
        title = TITLE.search(self.text("D2"))
        heads = [str(value) for row in self.declaration[:8] for value in row]
        version = next((found[1] for head in heads if (found := REVISION.search(head))), "")
        if not title or not version:
            raise Unwritable("no_template")
        template = Template(title[1])
        number = float(".".join(version.rstrip("abcdefgh").split(".")[:2]))
        if template not in WRITABLE or number < WRITABLE[template]:
            raise Unwritable("old_version", template=template.value, version=version)
        return template, version

    def _check_anchors(self) -> None:
        """Make sure that the questions stand where this version keeps them; else every answer would go astray."""
        for mark, rows in ((r"{}\s*[)\]]", self.layout.questions), (r"{}\s*[.:]", self.layout.letters)):
            for name, row in rows.items():
                label = unicodedata.normalize("NFKC", self.text(f"B{row}"))
                if label and not re.match(r"\s*" + mark.format(name), label, re.IGNORECASE):
                    raise Unwritable("layout", template=self.template.value, version=self.version)

    def options(self) -> Mapping[str, str]:
        """Return {letter: words} of the scopes this template offers."""
        offered = [self.text(cell) for cell in ("P9", "Q9", "R9")]
        return {words[0]: words for words in offered if re.match(r"[A-D]\.", words)}

    @cached_property
    def option_words(self) -> Sequence[str]:
        """The words of the answers this template offers: the table below its last question."""
        last = max([*self.layout.questions.values(), *self.layout.letters.values()])
        cells = [self.text(f"{column}{row}") for row in range(last + 4, len(self.declaration) + 1) for column in "BDE"]
        return tuple(dict.fromkeys(filter(None, cells)))

    def own_words(self, answer: str) -> str:
        """Return an answer as this version spells it: 'conformance with IPC1755 (e.g., CMRT)' has many spellings."""
        if len(answer) < SENTENCE or answer in self.option_words:
            return answer
        start = plain(answer)[:SENTENCE]
        alike = [words for words in self.option_words if plain(words).startswith(start)]
        return max(alike, key=lambda words: self.template in words, default=answer)

    @cached_property
    def listed(self) -> Sequence[Listed]:
        """The rows of the look-up list."""
        rows = self._rows(self.layout.lookup_sheet)
        return [
            Listed(number, *[text_at(rows, number, column) for column in range(1, 10)])
            for number in range(LOOKUP_HEADER + 1, len(rows) + 1)
            if text_at(rows, number, 1)
        ]

    @cached_property
    def by_id(self) -> Mapping[tuple[str, str], Sequence[Listed]]:
        """The rows of each smelter: {(metal, id): rows}."""
        found: dict[tuple[str, str], list[Listed]] = {}
        for each in self.listed:
            found.setdefault((each.metal.lower(), each.cid), []).append(each)
        return found

    @cached_property
    def by_name(self) -> Mapping[tuple[str, str], Listed]:
        """The first row of each pair of metal and look-up name, which is the one the formulas find."""
        found: dict[tuple[str, str], Listed] = {}
        for each in self.listed:
            found.setdefault((each.metal.lower(), each.lookup.lower()), each)
        return found

    def room_for_smelters(self) -> int:
        """Return how many rows of the Smelter List are prepared; a list without any has no formulas to run out of."""
        prepared = len(self._rows("Smelter List")) - FIRST_SMELTER + 1
        return prepared if prepared >= FEW else USUAL_ROOM

    def room_for_products(self) -> int:
        """Return how many rows stand above the footer of the Product List."""
        rows = self._rows("Product List")
        footer = next(
            (number for number in range(FIRST_PRODUCT, len(rows) + 1) if text_at(rows, number, 2)[:1] == "©"),
            FIRST_PRODUCT + USUAL_PRODUCTS,
        )
        return footer - FIRST_PRODUCT


def plain(text: str) -> str:
    """Return a text to compare spellings with."""
    return re.sub(r"\W", "", text).lower()


def text_at(rows: Sequence[Sequence[Any]], row: int, column: int) -> str:
    """Return the text of a cell, empty where there is none; the left-over 0 of a look-up formula is none."""
    if row > len(rows) or column > len(rows[row - 1]):
        return ""
    value = str(rows[row - 1][column - 1]).strip()
    return "" if value in {"0", "0.0"} else value
