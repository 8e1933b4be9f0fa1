"""Changing single cells inside the XML of a sheet, every other byte left as it was.

ElementTree would write the sheet anew: it renames the prefixes that `mc:Ignorable` lists by name, so that Excel
calls the file damaged; openpyxl drops what it does not know. So expat only tells where each cell begins and ends,
and the new cells are spliced in between."""

import re
from collections.abc import Mapping
from typing import Any, Final
from xml.parsers import expat

import msgspec

ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
TYPE = re.compile(rb"""\s(?:t|cm|vm)\s*=\s*(?:"[^"]*"|'[^']*')""")
LONGEST = 32_767  # letters in one cell of Excel


class Unwritable(Exception):
    """A template that cannot be filled; `code` says why, `params` hold the facts for the sentence."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Cell(msgspec.Struct, frozen=True):
    """What a cell shall hold: a text, a number, or nothing. `keep` leaves the formula and sets what it last gave."""

    value: str | float | None
    keep: bool = False


class _Found(msgspec.Struct):
    """A cell as it stands in the bytes of a sheet."""

    column: int
    start: int
    end: int = 0
    inner: tuple[int, int] = (0, 0)  # the formula element
    shared: bool = False  # whether other cells share this cell's formula


def column_number(letters: str) -> int:
    """Return 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def split_cell(name: str) -> tuple[int, int]:
    """Return (row, column number) of a cell such as D26."""
    letters = name.rstrip("0123456789")
    return int(name[len(letters) :]), column_number(letters)


def patch_sheet(xml: bytes, cells: Mapping[str, Cell]) -> bytes:
    """Return the sheet with these cells changed; rows and cells that are not there yet are put in their place.

    Raises Unwritable("broken") where the XML cannot be read, ("shared") where a formula that others share would go."""
    wanted: dict[int, dict[int, tuple[str, Cell]]] = {}
    for name, cell in cells.items():
        row, column = split_cell(name)
        wanted.setdefault(row, {})[column] = (name, cell)
    return _Patch(xml, wanted).result()


class _Patch:
    """One walk through a sheet that collects what to replace where."""

    def __init__(self, xml: bytes, wanted: dict[int, dict[int, tuple[str, Cell]]]) -> None:
        self.xml = xml
        self.left = dict(sorted(wanted.items()))
        self.edits: list[tuple[int, int, bytes]] = []
        self.prefix = b""
        self.row = self.column = 0
        self.row_tag_end = 0
        self.found: list[_Found] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.XmlDeclHandler = self._declared
        self.parser.StartDoctypeDeclHandler = self._refuse  # no entity is ever resolved

    def result(self) -> bytes:
        """Walk, then splice from the first edit to the last."""
        try:
            self.parser.Parse(self.xml, True)
        except expat.ExpatError as error:
            raise Unwritable("broken") from error
        if self.left:
            raise Unwritable("broken")
        pieces, at = [], 0
        for start, end, new in sorted(self.edits):
            pieces += [self.xml[at:start], new]
            at = end
        return b"".join([*pieces, self.xml[at:]])

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        if (encoding or "utf-8").lower() != "utf-8":
            raise Unwritable("broken")

    def _refuse(self, *names: object) -> None:
        raise Unwritable("broken")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        at = self.parser.CurrentByteIndex
        if name == "row":
            self.prefix = tag.encode()[: -len(name)]
            self.row = int(attributes.get("r", self.row + 1))
            self._add_rows_before(self.row, at)
            self.row_tag_end, self.column, self.found = self._tag_end(at), 0, []
        elif name == "sheetData" and self.xml[self._tag_end(at) - 2] == ord("/"):
            raise Unwritable("broken")  # a sheet without a single row: nothing a template has
        elif name == "c" and self.row in self.left:
            reference = attributes.get("r")
            self.column = split_cell(reference)[1] if reference else self.column + 1
            self.found.append(_Found(self.column, at))
        elif name == "f" and self.row in self.left and self.found:
            self.found[-1].inner = (at, 0)
            self.found[-1].shared = attributes.get("t") in {"shared", "array"} and ":" in attributes.get("ref", "")

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "f" and self.row in self.left and self.found:
            start = self.found[-1].inner[0]
            self.found[-1].inner = (start, self._element_end(start))
        elif name == "c" and self.row in self.left:
            self.found[-1].end = self._element_end(self.found[-1].start)
        elif name == "row" and self.row in self.left:
            self._change_row()
        elif name == "sheetData":
            self._close(tag)

    def _close(self, tag: str) -> None:
        """Put the rows that come after the last one of the sheet."""
        self.prefix = tag.encode()[: -len("sheetData")]
        self._add_rows_before(None, self.parser.CurrentByteIndex)

    def _tag_end(self, start: int) -> int:
        """Return where the tag that begins at `start` ends, marks inside quoted attributes passed over."""
        quote, at = 0, start
        while True:
            at += 1
            byte = self.xml[at]
            if quote:
                quote = 0 if byte == quote else quote
            elif byte in b"\"'":
                quote = byte
            elif byte == ord(">"):
                return at + 1

    def _element_end(self, start: int) -> int:
        """Return where the element that began at `start` and that expat just closed ends."""
        end = self._tag_end(start)
        if self.xml[end - 2 : end] == b"/>":
            return end
        return self.xml.index(b">", self.parser.CurrentByteIndex) + 1

    def _add_rows_before(self, row: int | None, at: int) -> None:
        """Put in the wanted rows that the sheet does not have."""
        new = []
        for number in [number for number in self.left if row is None or number < row]:
            cells = self.left.pop(number)
            body = b"".join(self._write(name, cell, b"") for _column, (name, cell) in sorted(cells.items()))
            new.append(b'<%srow r="%d">%s</%srow>' % (self.prefix, number, body, self.prefix))
        if new:
            self.edits.append((at, at, b"".join(new)))

    def _change_row(self) -> None:
        """Replace the row's wanted cells that are there, put in those that are not."""
        wanted = self.left.pop(self.row)
        closed = self.xml[self.row_tag_end - 2 : self.row_tag_end] == b"/>"
        new: list[tuple[int, bytes]] = []
        for column, (name, cell) in sorted(wanted.items()):
            old = next((each for each in self.found if each.column == column), None)
            if old:
                self.edits.append((old.start, old.end, self._replaced(old, name, cell)))
            elif cell.value is not None:
                after = next((each.start for each in self.found if each.column > column), None)
                place = self.parser.CurrentByteIndex if after is None else after
                new.append((self.row_tag_end if closed else place, self._write(name, cell, b"")))
        if closed and new:
            body = b"".join(each for _place, each in new)
            self.edits.append((self.row_tag_end - 2, self.row_tag_end, b">%s</%srow>" % (body, self.prefix)))
        else:
            places = sorted({place for place, _each in new})
            self.edits += [(at, at, b"".join(each for place, each in new if place == at)) for at in places]

    def _replaced(self, old: _Found, name: str, cell: Cell) -> bytes:
        """Return the cell with its style, and with its formula where that is to stay."""
        tag = self.xml[old.start : self._tag_end(old.start)].rstrip(b"/>").rstrip()
        if not cell.keep or not old.inner[1]:
            if old.shared:
                raise Unwritable("shared", cell=name)
            return self._write(name, cell, TYPE.sub(b"", tag))
        formula = self.xml[slice(*old.inner)]
        # An array formula keeps its mark `cm`; only the type of the remembered value changes.
        tag = re.sub(rb"""\st\s*=\s*(?:"[^"]*"|'[^']*')""", b"", tag)
        if cell.value is None:
            return b"%s>%s</%sc>" % (tag, formula, self.prefix)
        kind, shown = (b' t="str"', escape(cell.value)) if isinstance(cell.value, str) else (b"", number(cell.value))
        return b"%s%s>%s<%sv>%s</%sv></%sc>" % (tag, kind, formula, *[self.prefix, shown, self.prefix, self.prefix])

    def _write(self, name: str, cell: Cell, tag: bytes) -> bytes:
        """Return a cell that holds a value. A text is an inline string, so that = + - @ begin a text, no formula."""
        tag = tag or b'<%sc r="%s"' % (self.prefix, name.encode())
        p = self.prefix
        if cell.value is None:
            return tag + b"/>"
        if not isinstance(cell.value, str):
            return b"%s><%sv>%s</%sv></%sc>" % (tag, p, number(cell.value), p, p)
        text = escape(cell.value[:LONGEST])
        return b'%s t="inlineStr"><%sis><%st xml:space="preserve">%s</%st></%sis></%sc>' % (tag, p, p, text, p, p, p)


def escape(text: str) -> bytes:
    """Return a text as XML content; letters that XML does not know are left out.

    Excel reads `_x0041_` as the letter of that number, so its first mark is written as a number, too.
    """
    plain = NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return CODED.sub("_x005F_", plain).translate(ESCAPES).encode()


def number(value: Any) -> bytes:
    """Return a number as Excel writes it: 46000, 0.5."""
    return (b"%d" % value) if float(value).is_integer() else repr(float(value)).encode()
