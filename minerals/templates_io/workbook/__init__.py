"""Reading and writing template workbooks: bytes in, typed data out, and back."""

from minerals.templates_io.workbook.building import build_workbook
from minerals.templates_io.workbook.patching import Unwritable, fill_template

__all__ = ["Unwritable", "build_workbook", "fill_template"]
