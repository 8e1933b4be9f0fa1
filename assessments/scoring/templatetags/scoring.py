"""How scores are said on a page."""

from django import template

from assessments.responses.enums import ResponseState
from assessments.responses.models import ResponseChange

register = template.Library()


@register.filter
def signed(value: float) -> str:
    """Return a difference with its sign: +5.0, −3.2, 0.0."""
    return f"+{value:.1f}" if value > 0 else f"−{abs(value):.1f}" if value < 0 else "0.0"


@register.filter
def target_word(change: ResponseChange) -> str:
    """Return the word of the state a response moved to."""
    return str(ResponseState(change.target).label)
