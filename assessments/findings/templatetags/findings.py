"""How a finding is said on a page."""

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from assessments.findings.enums import FindingState
from assessments.findings.models import Finding
from assessments.findings.queries import title_of

register = template.Library()

STATE_TONES = {
    FindingState.DISPUTED: "major",
    FindingState.DONE: "minor",
    FindingState.VERIFIED: "good",
}


@register.filter
def provision_of(finding: Finding) -> str:
    """Return the title of the provision a finding belongs to."""
    return title_of(finding.code_of_conduct, finding.provision, get_language() or "en")


@register.filter
def finding_tone(state: str) -> str:
    """Return the tone of a state."""
    return STATE_TONES.get(FindingState(state), "plain")


@register.filter
def finding_icon(finding: Finding) -> str:
    """Return the icon beside what a finding waits for."""
    if finding.is_settled:
        return "circle-check"
    late = finding.next_due_on is not None and finding.next_due_on < timezone.localdate()
    return "clock-exclamation" if late else "clock"
