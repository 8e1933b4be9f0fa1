"""What must be known of an XLSX before its cells are read: how far it reaches, which cells are percentages."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from portal.lib.archives import Archive, broken_archive
from portal.lib.errors import DomainError
from portal.lib.workbook.table import MOST_CELLS, Cell, column_letters, column_number

# The form every program writes; whatever differs goes the slow way.
USUAL_CELL: Final = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"((?: [a-z]+="[A-Za-z0-9]*")*)>(?!</c>)'
    rb"(?:(?:<f>[^<]*</f>)?<v>(#[^<]{1,20})</v>)?"
)
EMPTY_CELL: Final = re.compile(rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: [a-z]+="[A-Za-z0-9]*")* ?(?:/>|></c>)')
WHOLE: Final = re.compile(r"[0-9]{1,9}")
STYLE: Final = re.compile(rb' s="([0-9]{1,6})"')
ANY_CELL: Final = re.compile(rb'<(?:[^\s<>/:"\'=]+:)?c[\s/>]')
ANY_TAG: Final = re.compile(rb'<(?:[^\s<>/:"\'=]+:)?(?:row|c)[\s/>]')
# Possessive, and without "<" inside a tag: a hostile file must not make this scan more than once over itself.
CELL_OR_ROW: Final = re.compile(
    rb'<(?:[^\s<>/:"\'=]+:)?(row|c)(?=[\s/>])((?:[^<>"\']++|"[^"<]*+"|\'[^\'<]*+\')*+)>|</(?:[^\s<>/:"\'=]+:)?(row)\s*>'
)
CELL_NAME: Final = re.compile(rb"(?<![A-Za-z])([A-Za-z]++)([0-9]++)")
ROW_NUMBER: Final = re.compile(rb"\br\s*=\s*[\"']([0-9]+)[\"']")
LONGEST_LETTERS, LONGEST_DIGITS = 3, 7
LARGEST_INDEX: Final = 20_000_000  # a list of sheets or styles is never as large
BUILT_IN_PERCENT: Final = frozenset({9, 10})
RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
QUOTED: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


@dataclass
class Reach:
    """How far the cells of one sheet go, and the cells that need a second look."""

    last_row: int = 0
    last_column: int = 0
    percents: set[tuple[int, int]] = field(default_factory=set)
    faults: dict[tuple[int, int], Cell] = field(default_factory=dict)

    def widen(self, row: int, column: int) -> None:
        """Take one more cell in."""
        self.last_row = max(self.last_row, row)
        self.last_column = max(self.last_column, column)


def measure_sheets(archive: Archive) -> dict[str, Reach]:
    """Return the reach of every member that may be a sheet; refuse a file that one far-off cell would blow up.

    Readers lay a sheet out as a full rectangle: two cells in opposite corners are 17 billion cells.
    """
    percents = percent_styles(archive)
    found = {}
    for name in sheet_candidates(archive):
        xml = archive.read(name)
        if b"\0" in xml:
            raise broken_archive()
        if ANY_CELL.search(xml) is None:
            continue
        reach = found[name] = measure_usual(xml, percents)
        if reach.last_row * reach.last_column > MOST_CELLS:
            raise reaches_too_far(reach)
    return found


def sheet_candidates(archive: Archive) -> list[str]:
    """Return members that a reader might take for a sheet: all XML, and whatever the workbook links to."""
    links = parse_xml(archive.read("xl/_rels/workbook.xml.rels"))
    linked = {posixpath.basename(link.get("Target", "")).lower() for link in (links if links is not None else ())}
    return [
        name
        for name in sorted(archive.names)
        if name.lower().endswith(".xml") or posixpath.basename(name.lower()) in linked - {""}
    ]


def measure_usual(xml: bytes, percents: frozenset[int]) -> Reach:
    """Measure a sheet written the usual way; anything unusual in it sends all of it the slow way."""
    reach, counted = Reach(), 0
    columns: dict[bytes, int] = {}
    for match in USUAL_CELL.finditer(xml):
        letters, digits, attributes, fault = match.groups()
        column = columns.get(letters) or columns.setdefault(letters, column_number(letters.decode()))
        row = int(digits)
        counted += 1
        reach.widen(row, column)
        if fault is not None and b't="e"' in attributes:
            reach.faults[row, column] = fault.decode("utf-8", "replace")
        elif percents and (style := STYLE.search(attributes)) and int(style[1]) in percents:
            reach.percents.add((row, column))
    counted += sum(1 for _match in EMPTY_CELL.finditer(xml))
    return reach if counted == sum(1 for _match in ANY_CELL.finditer(xml)) else measure_slowly(xml)


def measure_slowly(xml: bytes) -> Reach:
    """Follow rows and cells as a reader does; where two readings are possible take the wider.

    A tag that cannot be followed could hide a cell, so it refuses the file.
    """
    reach, row, column, followed = Reach(), 1, 1, 0
    for match in CELL_OR_ROW.finditer(xml):
        tag, attributes, end = match.groups()
        followed += not end
        if end:
            row, column = row + 1, 1
        elif tag == b"row":
            numbers = [int(digits[:9]) for digits in ROW_NUMBER.findall(attributes)]
            row = max(numbers, default=row)
        else:
            places = list(read_places(attributes)) or [(row, column)]
            column = max(place[1] for place in places) + 1
            empty = attributes.endswith(b"/") or xml.startswith(b"</", match.end())
            for place in () if empty else places:
                reach.widen(*place)
    if followed != sum(1 for _match in ANY_TAG.finditer(xml)):
        raise broken_archive()
    return reach


def read_places(attributes: bytes) -> Iterator[tuple[int, int]]:
    """Yield every cell name that stands in the attributes as (row, column)."""
    for letters, digits in CELL_NAME.findall(attributes):
        if len(letters) > LONGEST_LETTERS or len(digits) > LONGEST_DIGITS:
            yield (MOST_CELLS, MOST_CELLS)
        else:
            yield (int(digits), column_number(letters.decode()))


def percent_styles(archive: Archive) -> frozenset[int]:
    """Return the numbers of cell styles that show a percentage."""
    root = parse_xml(archive.read("xl/styles.xml"))
    if root is None:
        return frozenset()
    own = {
        read_int(element.get("numFmtId")): "%" in QUOTED.sub("", element.get("formatCode", ""))
        for element in root.iterfind("{*}numFmts/{*}numFmt")
    }
    formats = [read_int(element.get("numFmtId")) for element in root.iterfind("{*}cellXfs/{*}xf")]
    return frozenset(index for index, number in enumerate(formats) if own.get(number, number in BUILT_IN_PERCENT))


def sheet_members(archive: Archive) -> dict[str, str]:
    """Return {title of a sheet: its member}."""
    book = parse_xml(archive.read("xl/workbook.xml"))
    links = parse_xml(archive.read("xl/_rels/workbook.xml.rels"))
    if book is None or links is None:
        return {}
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found = {}
    for sheet in book.iterfind("{*}sheets/{*}sheet"):
        target = posixpath.join("/xl", targets.get(sheet.get(RELATION), ""))
        found[sheet.get("name", "")] = posixpath.normpath(target).lstrip("/")
    return found


def parse_xml(content: bytes) -> Element | None:
    """Parse XML that may hold no entities; nothing gives None."""
    if not content:
        return None
    if len(content) > LARGEST_INDEX:
        raise broken_archive()
    try:
        return fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise broken_archive() from error


def read_int(text: str | None) -> int:
    """Return a whole number of up to nine digits, -1 for anything else."""
    return int(text) if text and WHOLE.fullmatch(text) else -1


def reaches_too_far(reach: Reach) -> DomainError:
    """The error for a sheet with something far outside of its table."""
    place = f"{column_letters(reach.last_column)}{reach.last_row}"
    message = _(
        "A sheet of this file reaches to cell %(place)s; that is more than %(limit)s cells. Delete what stands "
        "outside of your table (select the empty rows and columns, then Delete), save it and upload it again."
    ) % {"place": place, "limit": f"{MOST_CELLS:,}"}
    return DomainError(message, code="too_many_cells")
