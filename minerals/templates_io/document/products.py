"""Numbers of products, as people write them."""

from typing import Final

LONGEST_NUMBER: Final = 120


def fold_number(number: str) -> str:
    """Return what product numbers are compared by: without blanks and case, as long as a column holds."""
    return "".join(number.split()).casefold()[:LONGEST_NUMBER]
