"""Reads of declarations: who sees which, editions as typed data."""

from minerals.declarations.queries.editions import declared_of, handed_in_editions, issues_of, missing_of
from minerals.declarations.queries.rights import (
    asked_declarations,
    own_declarations,
    visible_declarations,
)

__all__ = [
    "asked_declarations",
    "declared_of",
    "handed_in_editions",
    "issues_of",
    "missing_of",
    "own_declarations",
    "visible_declarations",
]
