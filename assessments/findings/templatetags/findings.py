"""How a finding is said on a page."""

from django import template
from django.utils.translation import get_language

from assessments.findings.enums import CloseReason, FindingState
from assessments.findings.models import Finding
from assessments.findings.queries import title_of

register = template.Library()


@register.filter
def provision_of(finding: Finding) -> str:
    """Return the title of the provision a finding belongs to."""
    return title_of(finding.code_of_conduct, finding.provision, get_language() or "en")


@register.filter
def finding_state_word(state: str) -> str:
    """Return the word of a state kept in a change."""
    return str(FindingState(state).label)


@register.filter
def finding_reason_word(reason: str) -> str:
    """Return a stored close reason as its word, and a typed note as it is."""
    return str(CloseReason(reason).label) if reason in CloseReason.values else reason
