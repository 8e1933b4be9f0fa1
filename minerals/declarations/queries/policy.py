"""What counts as stale, and which issues of a file are red flags although the file can be used."""

from typing import Final

from minerals.templates_io.enums import Grade

# A declaration that is older than this says nothing of what is delivered today.
MONTHS_VALID: Final = 12
CARRIED_ISSUES: Final[dict[str, Grade]] = {}


def months_valid() -> int:
    """Return after how many months an accepted declaration expires."""
    return MONTHS_VALID
