"""Opening a workbook that somebody sent: known by its first bytes, measured before anything parses it, then read."""

import io
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import python_calamine as calamine

from minerals.templates_io.workbook.cells import Grid
from minerals.templates_io.workbook.decrypting import decrypt_package, decrypt_records
from minerals.templates_io.workbook.errors import Unreadable
from minerals.templates_io.workbook.packages import check_package
from minerals.templates_io.workbook.records import check_records

Result = TypeVar("Result")

LARGEST_FILE: Final = 10_000_000
MOST_SEARCHED: Final = 25  # a template has up to twelve sheets
ZIP_MARK: Final = b"PK\x03\x04"
OLE_MARK: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Book:
    """An open workbook: its sheets by name, each read when it is asked for and kept."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self.names: list[str] = [
            sheet.name for sheet in reader.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        self.grids: dict[str, Grid] = {}

    def find(self, names: Sequence[str]) -> Grid | None:
        """Return the first of some sheets that is there, whatever the case and blanks of its name."""
        there = {name.strip().casefold(): name for name in reversed(self.names)}
        return next((self.grid(there[name.casefold()]) for name in names if name.casefold() in there), None)

    def grid(self, name: str) -> Grid:
        """Read one sheet and keep it."""
        if name not in self.grids:
            self.grids[name] = self.read(name)
        return self.grids[name]

    def read(self, name: str) -> Grid:
        """Read one sheet. Without skip_empty_area=False rows and columns would shift."""
        return Grid(name, guarded(lambda: self.reader.get_sheet_by_name(name).to_python(skip_empty_area=False)))

    def search(self, wanted: Callable[[Grid], bool]) -> Grid | None:
        """Look through the first sheets for one that was renamed; no sheet is kept but the one found."""
        return next((sheet for sheet in map(self.read, self.names[:MOST_SEARCHED]) if wanted(sheet)), None)


def open_book(content: bytes) -> Book:
    """Open an .xlsx or .xls, also under Excel's default password. Raises Unreadable for everything else."""
    if not content:
        raise Unreadable("empty")
    if len(content) > LARGEST_FILE:
        raise Unreadable("too_large", limit=str(LARGEST_FILE // 1_000_000))
    if content.startswith(OLE_MARK):
        package = decrypt_package(content)
        if package is None:
            return _open_records(content)
        content = package
    if not content.startswith(ZIP_MARK):
        raise Unreadable("not_a_workbook")
    check_package(content)
    return guarded(lambda: Book(calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))))


def _open_records(content: bytes) -> Book:
    """Open an .xls; one under the default password is decrypted first."""
    if check_records(content):
        content = decrypt_records(content)
        check_records(content)
    return guarded(lambda: Book(calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))))


def guarded(work: Callable[[], Result]) -> Result:
    """Do something with calamine; whatever goes wrong inside of it means that the file is damaged.

    A panic of its Rust code arrives as pyo3_runtime.PanicException, which is no Exception on purpose and has no name
    to import. The process is sound after it: the panic has unwound and left nothing half-written that we keep.
    """
    try:
        return work()
    except calamine.PasswordError as error:
        raise Unreadable("locked") from error
    except Exception as error:
        raise Unreadable("damaged") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise Unreadable("damaged") from error
