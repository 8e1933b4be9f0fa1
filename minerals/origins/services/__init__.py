"""What is done with lists of risky areas: read, added, withdrawn, exported."""

from minerals.origins.services.adding import add_list, withdraw_list
from minerals.origins.services.exporting import EXPORT, start_export, write_export
from minerals.origins.services.reading import AreaRow, read_areas

__all__ = ["EXPORT", "AreaRow", "add_list", "read_areas", "start_export", "withdraw_list", "write_export"]
