"""Whole numbers that come in as text from addresses and forms."""

from typing import Final

# As many as every number of this length fits a key column in.
MOST_DIGITS: Final = 18


def read_number(text: str) -> int:
    """Return a number of up to eighteen digits; 0, which is no key, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else 0
