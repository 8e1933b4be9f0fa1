"""Facts of the roll-up for workbooks and PDFs, split by subject."""

from minerals.rollup.reports.consolidated import smelter_csv, smelter_sheets
from minerals.rollup.reports.disclosure import disclosure_facts

__all__ = ["disclosure_facts", "smelter_csv", "smelter_sheets"]
