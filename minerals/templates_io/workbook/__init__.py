"""Reading and writing template workbooks: bytes in, typed data out, and back."""

from minerals.templates_io.workbook.building import build_workbook
from minerals.templates_io.workbook.errors import Unreadable
from minerals.templates_io.workbook.opening import LARGEST_FILE
from minerals.templates_io.workbook.patching import Unwritable, fill_template
from minerals.templates_io.workbook.reading import read_declaration

__all__ = ["LARGEST_FILE", "Unreadable", "Unwritable", "build_workbook", "fill_template", "read_declaration"]
