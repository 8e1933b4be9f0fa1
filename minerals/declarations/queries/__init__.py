"""Reads of declarations: who sees which."""

from minerals.declarations.queries.rights import (
    asked_declarations,
    own_declarations,
    visible_declarations,
)

__all__ = ["asked_declarations", "own_declarations", "visible_declarations"]
