"""How a finding is said on a page."""

from django import template
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.findings.enums import Due, FindingState, Source
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


# Django's own get_..._display builds a table of all choices at every call: a tenth of the time of a list.
@register.filter
def state_word(state: str) -> str:
    """Return the word of a state."""
    return str(FindingState(state).label)


@register.filter
def source_word(source: str) -> str:
    """Return the word of a source."""
    return str(Source(source).label)


@register.filter
def advice_head(source: str) -> str:
    """Return the head over what a source advises: a rule says what to do, auditors what they think is behind it."""
    return _("Possible root cause, as the auditors see it") if source == Source.AUDIT else _("What to do")


@register.filter
def due_word(due: str) -> str:
    """Return what a due date waits for."""
    return str(Due(due).label) if due else ""


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
