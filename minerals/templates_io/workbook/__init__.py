"""Reading and writing template workbooks: bytes in, typed data out, and back."""

from minerals.templates_io.workbook.building import build_workbook

__all__ = ["build_workbook"]
