"""How a declaration is said on a page."""

from collections.abc import Sequence

from django import template
from django_countries import countries

from minerals.declarations.enums import DeclarationState
from minerals.smelters.enums import Status
from minerals.templates_io.enums import ScopeKind
from minerals.templates_io.queries import mineral_name

register = template.Library()

TONES = {
    DeclarationState.RECEIVED: "minor",
    DeclarationState.RETURNED: "major",
    DeclarationState.ACCEPTED: "good",
    DeclarationState.EXPIRED: "priority",
}


@register.filter
def declaration_word(state: str) -> str:
    """Return the word of a state."""
    return str(DeclarationState(state).label)


@register.filter
def declaration_tone(state: str) -> str:
    """Return the tone of a state."""
    return TONES.get(DeclarationState(state), "plain")


@register.filter
def scope_word(kind: str) -> str:
    """Return the word of what a declaration speaks of."""
    return str(ScopeKind(kind).label)


@register.filter
def status_word(status: str) -> str:
    """Return the word of a smelter's status."""
    return str(Status(status).label)


@register.filter
def mineral_word(mineral: str) -> str:
    """Return a mineral in the reader's language."""
    return mineral_name(mineral)


@register.filter
def country_words(codes: Sequence[str]) -> str:
    """Return countries by name."""
    return ", ".join(str(countries.name(code)) or code for code in codes)
