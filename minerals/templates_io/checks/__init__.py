"""What is missing in a template by RMI's own count, and what else is wrong. Pure: the day comes from outside."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

import msgspec

from minerals.origins.core import Areas
from minerals.templates_io.checks.answers import (
    check_all_reported,
    check_cahra,
    check_identified,
    check_languages,
    check_options,
    check_share,
    check_unproven,
    check_unused,
)
from minerals.templates_io.checks.case import Case
from minerals.templates_io.checks.checker import missing_items
from minerals.templates_io.checks.origins import (
    check_covered,
    check_own_country,
    check_recycled,
    check_risky,
    check_scrap_rows,
    check_unread,
)
from minerals.templates_io.checks.people import check_date, check_names, check_policy_address, check_template
from minerals.templates_io.checks.smelters import check_ids, check_listed, check_rows
from minerals.templates_io.document import Declared, Issue
from minerals.templates_io.enums import Grade

__all__ = ["RULES", "Examination", "examine", "missing_items"]

RULES: Final[tuple[Callable[[Case], Iterator[Issue]], ...]] = (
    check_names,
    check_date,
    check_template,
    check_options,
    check_unused,
    check_cahra,
    check_covered,
    check_risky,
    check_unproven,
    check_recycled,
    check_share,
    check_identified,
    check_all_reported,
    check_policy_address,
    check_ids,
    check_listed,
    check_rows,
    check_scrap_rows,
    check_own_country,
    check_unread,
    check_languages,
)
_RANK = {Grade.ERROR: 0, Grade.FLAG: 1, Grade.WARNING: 2, Grade.INFO: 3}


class Examination(msgspec.Struct, frozen=True):
    """`missing` is what RMI's Checker counts; `issues` are all further findings, the worst first."""

    missing: tuple[Issue, ...] = ()
    issues: tuple[Issue, ...] = ()


def examine(declared: Declared, *, today: date, areas: Areas) -> Examination:
    """Return everything to mend in a template, read on a day with the countries that count on it."""
    case = Case(declared, today=today, areas=areas)
    issues = [issue for rule in RULES for issue in rule(case)]
    issues.sort(key=lambda issue: _RANK[issue.grade])  # stable: within a grade in the order of the rules
    return Examination(missing=missing_items(declared), issues=tuple(issues))
