"""Facts of the registry for workbooks."""

from minerals.smelters.reports.sheets import change_sheet, name_sheet, smelter_sheet

__all__ = ["change_sheet", "name_sheet", "smelter_sheet"]
