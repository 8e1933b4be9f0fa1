"""How an audit is said on a page."""

from django import template

from assessments.audits.enums import RELEASED_STATES, AuditState
from assessments.audits.models import Audit
from assessments.audits.queries import programme_of
from portal.lib.texts import pick_text

register = template.Library()

TONES = {
    AuditState.DECLINED: "major",
    AuditState.EXPIRED: "priority",
    AuditState.CLOSED: "good",
    AuditState.ACTIONS_OPEN: "minor",
    AuditState.CLOSURE_SCHEDULED: "minor",
}


@register.filter
def kind_title(audit: Audit) -> str:
    """Return the kind of an audit in the reader's language."""
    return pick_text(programme_of(audit.programme).kind(audit.kind).title)[0]


@register.filter
def recognition_title(audit: Audit) -> str:
    """Return the level of recognition in the reader's language, empty for none."""
    levels = {level.code: level.title for level in programme_of(audit.programme).recognition}
    return pick_text(levels.get(audit.recognition, {}))[0]


@register.filter
def audit_state_word(state: str) -> str:
    """Return the word of a state kept in a change."""
    return str(AuditState(state).label)


@register.filter
def audit_tone(audit: Audit) -> str:
    """Return the tone a state is shown in; most are plain."""
    return TONES.get(AuditState(audit.state), "plain")


@register.filter
def has_result(audit: Audit) -> bool:
    """Whether the report is out, so that everybody on it may read figures."""
    return audit.state in RELEASED_STATES
