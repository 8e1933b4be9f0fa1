"""An .xls is a stream of records: it is walked here before a parser lays out what it claims."""

import io
import struct
from typing import Final

import olefile

from minerals.templates_io.workbook.errors import Unreadable

MOST_CELLS: Final = 3_000_000  # of one sheet
MOST_IN_ALL: Final = 12_000_000  # a reader of .xls lays out all sheets at once
MOST_CLAIMED: Final = 65_536 * 256
BEGIN, DIMENSIONS, PASSWORD, MANY_NUMBERS = 0x0809, 0x0200, 0x002F, 0x00BD
CELLS: Final = frozenset((0x0006, 0x0203, 0x027E, 0x00FD, 0x0204, 0x0205, 0x00D6, MANY_NUMBERS))
HEAD: Final = struct.Struct("<HH")
DIMENSIONS_LENGTH: Final = 14


def check_records(content: bytes) -> bool:
    """Refuse an .xls whose cells span too much. Returns whether it is encrypted."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            stream = ole.openstream("Workbook" if ole.exists("Workbook") else "Book").read()
    except Exception as error:  # olefile raises whatever a broken byte leads to
        raise Unreadable("damaged") from error
    return _walk(stream)


def _walk(stream: bytes) -> bool:
    position, end = 0, len(stream) - 4
    last_row = last_column = total = 0
    encrypted = False
    while position <= end:
        kind, length = HEAD.unpack_from(stream, position)
        if kind in CELLS and length >= 4:  # noqa: PLR2004 a row and a column of two bytes each
            row, column = HEAD.unpack_from(stream, position + 4) if position + 4 <= end else (0, 0)
            last_row = max(last_row, row)
            last_column = max(last_column, column + (length - 6) // 6 if kind == MANY_NUMBERS else column)
        elif kind == BEGIN:
            total += _area(last_row, last_column)
            last_row = last_column = 0
        elif kind == DIMENSIONS:
            _check_claim(stream[position + 4 : position + 4 + length])
        elif kind == PASSWORD:
            encrypted = True
            break
        position += 4 + length
    if total + _area(last_row, last_column) > MOST_IN_ALL:
        raise Unreadable("too_wide")
    return encrypted


def _area(last_row: int, last_column: int) -> int:
    area = (last_row + 1) * (last_column + 1)
    if area > MOST_CELLS:
        raise Unreadable("too_wide")
    return area


def _check_claim(data: bytes) -> None:
    """Refuse a sheet that claims more cells than an .xls can have: a reader sets that much memory aside."""
    if len(data) < DIMENSIONS_LENGTH:
        return
    first_row, past_row, first_column, past_column = struct.unpack_from("<IIHH", data)
    if past_row < first_row or past_column < first_column:
        raise Unreadable("damaged")
    if (past_row - first_row) * (past_column - first_column) > MOST_CLAIMED:
        raise Unreadable("damaged")
