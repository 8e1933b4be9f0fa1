"""Reads of the registry."""

from minerals.smelters.queries.rights import visible_cases, visible_lists, visible_smelters
from minerals.smelters.queries.statuses import StatusThen, status_as_of, statuses_as_of

__all__ = [
    "StatusThen",
    "status_as_of",
    "statuses_as_of",
    "visible_cases",
    "visible_lists",
    "visible_smelters",
]
