"""What is missing in a template by RMI's own count, and what else is wrong with it. Pure: the day comes in from outside."""

from datetime import date

import msgspec

from minerals.origins.core import Areas
from minerals.templates_io.checks.checker import missing_items
from minerals.templates_io.document import Declared, Issue

__all__ = ["Examination", "examine", "missing_items"]


class Examination(msgspec.Struct, frozen=True):
    """`missing` is what RMI's Checker counts; `issues` are all further findings, worst first in each place."""

    missing: tuple[Issue, ...] = ()
    issues: tuple[Issue, ...] = ()


def examine(declared: Declared, *, today: date, areas: Areas) -> Examination:
    """Return everything to mend in a template, read on a day with the countries that count on it."""
    return Examination(missing=missing_items(declared), issues=())
