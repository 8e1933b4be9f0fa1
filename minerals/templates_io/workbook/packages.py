"""An .xlsx is a ZIP of XML: every member is unpacked and measured here before a parser trusts it."""

import io
import re
import struct
import zipfile
import zlib
from typing import Final

from minerals.templates_io.workbook.errors import Unreadable

LARGEST_UNPACKED: Final = 60_000_000
MOST_MEMBERS: Final = 2_000
MOST_RATIO: Final = 100
SMALL: Final = 10_000_000  # below this size no ratio hurts
MOST_CELLS: Final = 3_000_000  # a sheet is laid out as a full rectangle; the largest of the templates has 85,000
LOCAL_HEADER: Final = 30

# A cell that is not written <c r="B7" ...>, the form of every program, or stands beyond column CZ or row 9,999.
UNUSUAL_CELL: Final = re.compile(rb'<c(?! r="[A-C]?[A-Z][0-9]{1,4}")')
PREFIXED_CELL: Final = re.compile(rb":c[\s/>]")
CELL: Final = re.compile(
    rb'<(?:[^\s<>/:"\'=]+:)?(row|c)(?=[\s/>])((?:[^<>"\']++|"[^"<]*+"|\'[^\'<]*+\')*+)>(?!</(?:[^\s<>/:"\'=]+:)?c>)'
)
PLACE: Final = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]*)(\d*)""")
SHEET_DATA: Final = b"sheetData"
# Tags that no row, cell, formula, value or text begins with, and a pile of elements one inside the other.
ODD_TAG: Final = re.compile(rb"<[^/rcfvit]")
DEEP: Final = re.compile(rb"(?:<[\w:]+>\s*){30}")
# A sheet in UTF-16 of either order; Excel writes only its custom parts so, and those nobody reads.
WIDE_SHEET: Final = "sheetData".encode("utf-16-le")[:-1]
BYTE_ORDERS: Final = (b"\xff\xfe", b"\xfe\xff")
# How many texts a package says it shares: a reader sets memory aside for them before it sees the first.
CLAIM: Final = re.compile(rb"""uniqueCount\s*=\s*(["'])(.*?)\1""", re.DOTALL)
CLAIMED: Final = b"uniqueCount"
MOST_TEXTS: Final = 3_000_000
LONGEST_CLAIM: Final = 9
# The first element. A declaration of entities must stand before it; a comment in front of it may look like one.
ROOT: Final = re.compile(rb"<[A-Za-z_]")


def check_package(content: bytes) -> None:
    """Refuse a package that is broken, unpacks to too much, holds entities or reaches out too far."""
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
        raise Unreadable("damaged") from error
    names = {member.filename for member in members}
    if len(members) > MOST_MEMBERS or len(names) != len(members):
        raise Unreadable("damaged")
    if not any(name.lower().replace("\\", "/").endswith("xl/workbook.xml") for name in names):
        raise Unreadable("not_a_workbook")
    left = LARGEST_UNPACKED
    if sum(member.file_size for member in members) > left:
        raise Unreadable("bomb")
    for member in members:
        unpacked = unpack_member(content, member, left)
        left -= len(unpacked)
        check_member(unpacked)
    unpacked_size = LARGEST_UNPACKED - left
    if unpacked_size > SMALL and unpacked_size > MOST_RATIO * len(content):
        raise Unreadable("bomb")


def unpack_member(content: bytes, member: zipfile.ZipInfo, limit: int) -> bytes:
    """Return the bytes of a member, at most `limit` of them.

    The size a ZIP states is only a claim, and some readers go on where others stop at it. So the stream itself is
    unpacked here, and it must end exactly where the claim says.
    """
    head = content[max(member.header_offset, 0) :][:LOCAL_HEADER]
    if member.flag_bits & 0x1:
        raise Unreadable("locked")
    if len(head) < LOCAL_HEADER or not head.startswith(b"PK\x03\x04"):
        raise Unreadable("damaged")
    start = member.header_offset + LOCAL_HEADER + sum(struct.unpack("<HH", head[26:30]))
    packed = memoryview(content)[start : start + member.compress_size]
    unpacked = bytes(packed) if member.compress_type == zipfile.ZIP_STORED else _inflate(packed, member, limit)
    if len(unpacked) != member.file_size:
        raise Unreadable("damaged")
    return unpacked


def _inflate(packed: memoryview, member: zipfile.ZipInfo, limit: int) -> bytes:
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise Unreadable("damaged")
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        unpacked = unpacker.decompress(packed, limit + 1)
    except zlib.error as error:
        raise Unreadable("damaged") from error
    if len(unpacked) > limit:
        raise Unreadable("bomb")
    if not unpacker.eof or unpacker.unused_data:
        raise Unreadable("damaged")
    return unpacked


def check_member(xml: bytes) -> None:
    """Refuse XML that declares entities, hides a sheet in another encoding, claims too much or reaches out too far."""
    if (xml.startswith(BYTE_ORDERS) or b"\0" in xml[:4]) and WIDE_SHEET in xml:
        raise Unreadable("damaged")
    root = ROOT.search(xml)
    if root and b"<!" in xml[: root.start()] and (b"<!DOCTYPE" in xml or b"<!ENTITY" in xml):
        raise Unreadable("damaged")
    if CLAIMED in xml and any(not _is_likely(found[2].strip()) for found in CLAIM.finditer(xml)):
        raise Unreadable("damaged")
    start, end = xml.find(SHEET_DATA), xml.rfind(SHEET_DATA)
    if start >= 0 and (UNUSUAL_CELL.search(xml, start, end) or PREFIXED_CELL.search(xml, start, end)):
        check_reach(xml)
    if start >= 0 and ODD_TAG.search(xml, start, end) and DEEP.search(xml, start, end):
        raise Unreadable("damaged")


def _is_likely(claim: bytes) -> bool:
    """Whether a number of texts is written plainly, and not more than a file can hold."""
    return claim.isdigit() and len(claim) <= LONGEST_CLAIM and int(claim) <= MOST_TEXTS


def check_reach(xml: bytes) -> None:
    """Follow rows and cells as a reader does; refuse a sheet whose cells with content span too large a rectangle.

    A style on an empty cell at the end of the sheet is common and harmless: no reader keeps it.
    """
    row = column = last_row = last_column = 0
    for found in CELL.finditer(xml):
        letters, digits = _place(found[2])
        if found[1] == b"row":
            row, column = int(digits or row + 1), 0
            continue
        row = int(digits or row)
        column = _number(letters) if letters else column + 1
        if not found[2].endswith(b"/"):
            last_row, last_column = max(last_row, row), max(last_column, column)
    if last_row * last_column > MOST_CELLS:
        raise Unreadable("too_wide")


def _place(attributes: bytes) -> tuple[bytes, bytes]:
    found = PLACE.search(attributes)
    return (found[1][:9], found[2][:9]) if found else (b"", b"")


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
