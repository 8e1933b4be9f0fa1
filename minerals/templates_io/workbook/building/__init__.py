"""Minimal workbooks of our own with the cell layout of each template and version; no RMI text is in them."""

from minerals.templates_io.workbook.building.sheets import build_workbook

__all__ = ["build_workbook"]
