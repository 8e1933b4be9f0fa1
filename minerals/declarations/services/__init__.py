"""Deeds on declarations, split by subject."""

from minerals.declarations.services.asking import cancel_declaration, open_declaration_page, request_declarations
from minerals.declarations.services.assessing import apply_cases, assess_declaration, assess_stale
from minerals.declarations.services.editions import add_edition, asked_name
from minerals.declarations.services.handing_in import enter_declaration, hand_in
from minerals.declarations.services.reviewing import accept_declaration, expire_declarations, return_declaration

__all__ = [
    "accept_declaration",
    "add_edition",
    "apply_cases",
    "asked_name",
    "assess_declaration",
    "assess_stale",
    "cancel_declaration",
    "enter_declaration",
    "expire_declarations",
    "hand_in",
    "open_declaration_page",
    "request_declarations",
    "return_declaration",
]
