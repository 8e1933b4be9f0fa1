"""Versions of templates as numbers that can be compared."""

import re

_VERSION = re.compile(r"(\d+)(?:\.([\d.]+))?")


def version_number(version: str) -> float:
    """Return a version as a number: 2.03a is 2.03, 6.1 is 6.10, 1.2.1 is 1.21; 0 where there is none."""
    match = _VERSION.match(version.strip())
    if not match:
        return 0.0
    return float(f"{match[1]}.{(match[2] or '0').replace('.', '') or '0'}")
