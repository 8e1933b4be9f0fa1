"""What counts as stale, and which issues of a file are red flags although the file can be used."""

from datetime import MAXYEAR, date
from typing import Final

from minerals.declarations.enums import DeclarationState
from minerals.declarations.models import Declaration
from minerals.templates_io.checks.policy import policy
from minerals.templates_io.enums import Grade

CARRIED_ISSUES: Final[dict[str, Grade]] = dict.fromkeys(
    ("date_stale", "template_stale", "template_replaced"), Grade.FLAG
)


def months_valid() -> int:
    """Return after how many months an accepted declaration expires."""
    return policy().months_stale


def expires_on(declaration: Declaration) -> date | None:
    """Return the day an accepted declaration expires; None where it has no effective date or is not accepted."""
    if declaration.state != DeclarationState.ACCEPTED or declaration.effective_on is None:
        return None
    return shift_months(declaration.effective_on, months_valid())


def shift_months(day: date, months: int) -> date:
    """Return the day so many months later, or earlier; at most the 28th, which every month has.

    Suppliers write dates up to the year 9999, after which there is no calendar: the last day stands for all later.
    """
    count = day.year * 12 + day.month - 1 + months
    if count // 12 > MAXYEAR:
        return date.max
    return date(count // 12, count % 12 + 1, min(day.day, 28))
