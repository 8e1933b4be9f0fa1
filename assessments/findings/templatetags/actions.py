"""How a corrective action is said on a page."""

from django import template
from django.utils.translation import gettext as _

from assessments.findings.enums import SITE_STEPS, ActionManager, ExtensionState, NextStep, PlanState
from assessments.findings.models import Finding

register = template.Library()

PLAN_TONES = {PlanState.SUBMITTED: "minor", PlanState.ACCEPTED: "good", PlanState.REJECTED: "major"}
EXTENSION_TONES = {ExtensionState.GRANTED: "good", ExtensionState.REFUSED: "major"}


@register.filter
def plan_tone(state: str) -> str:
    """Return the tone of the state of a plan."""
    return PLAN_TONES.get(PlanState(state), "plain")


@register.filter
def plan_state_word(state: str) -> str:
    """Return the word of a plan's state kept in a change."""
    return str(PlanState(state).label)


@register.filter
def extension_tone(state: str) -> str:
    """Return the tone of what became of a wish for a later date."""
    return EXTENSION_TONES.get(ExtensionState(state), "minor")


@register.filter
def step_word(step: str) -> str:
    """Return the word of what a finding waits for."""
    return str(NextStep(step).label) if step in NextStep.values else ""


@register.filter
def step_side(finding: Finding) -> str:
    """Return who has to act on a row of the work list."""
    step = getattr(finding, "step", "")
    if step in SITE_STEPS or finding.manager == ActionManager.SITE:
        return _("by the site")
    return _("by the audit firm") if finding.manager == ActionManager.FIRM else _("by the buyer")


@register.filter
def is_due(running: str, due: str) -> bool:
    """Whether a date is the one that runs now."""
    return running == due
