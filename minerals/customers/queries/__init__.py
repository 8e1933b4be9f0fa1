"""Reads of customers' requests, split by subject."""

from minerals.customers.queries.blanks import best_blank, visible_blanks
from minerals.customers.queries.requests import (
    facets_of,
    listed_requests,
    visible_requests,
    wanted_requests,
)

__all__ = [
    "best_blank",
    "facets_of",
    "listed_requests",
    "visible_blanks",
    "visible_requests",
    "wanted_requests",
]
