"""How far an audit is: the line of its states, and for whom everybody waits."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.audits.enums import Asker, AuditState
from assessments.audits.views.situation import Situation

State = AuditState
LINE = (
    State.REQUESTED,
    State.ACCEPTED,
    State.SCHEDULED,
    State.IN_PROGRESS,
    State.ACKNOWLEDGED,
    State.DRAFT,
    State.FEEDBACK,
    State.QUALITY_CHECK,
    State.RELEASED,
    State.ACTIONS_OPEN,
    State.CLOSED,
)
# States beside the line: what was reached before each.
BESIDE = {State.DECLINED: State.REQUESTED, State.EXPIRED: State.RELEASED}
WAITING: dict[AuditState, Promise] = {
    State.DECLINED: gettext_lazy("The audit was declined."),
    State.ACKNOWLEDGED: gettext_lazy("The auditors finish the draft of the report."),
    State.DRAFT: gettext_lazy("The auditors hand the draft to the site next."),
    State.FEEDBACK: gettext_lazy("The site reads the draft and gives its feedback."),
    State.QUALITY_CHECK: gettext_lazy("The audit firm checks the report and releases it."),
    State.RELEASED: gettext_lazy("The report is released. The actions begin."),
    State.ACTIONS_OPEN: gettext_lazy(
        "The site works on its corrective actions. The audit closes once all findings are settled."
    ),
    State.CLOSURE_SCHEDULED: gettext_lazy("A closure audit checks what was done about the findings."),
    State.CLOSED: gettext_lazy("Nothing is left to do: every finding is settled."),
    State.CANCELLED: gettext_lazy("The audit was called off."),
    State.EXPIRED: gettext_lazy("The audit is no longer valid. Ask for a new one."),
}


def line_of(audit: Any, reached: set[str]) -> list[dict[str, Any]]:
    """Return the states an audit goes through, with where it stands; `reached` are those of its history."""
    state = State(audit.state)
    if state in (State.DECLINED, State.CANCELLED, State.EXPIRED):
        past = [step for step in LINE if step in reached or step is State.REQUESTED]
        return [*(entry(step, "done") for step in past), entry(state, "now")]
    steps = list(LINE)
    if state is State.CLOSURE_SCHEDULED:
        steps.insert(-1, State.CLOSURE_SCHEDULED)
    place = steps.index(state)
    ended = state is State.CLOSED
    return [
        entry(step, "done" if number < place or ended else "now" if number == place else "todo")
        for number, step in enumerate(steps)
    ]


def entry(step: AuditState, stage: str) -> dict[str, Any]:
    """Return one step of the line."""
    return {"label": step.label, "stage": stage}


def waiting_for(situation: Situation) -> str:
    """Return in a sentence whose turn it is, for a reader who has nothing to do."""
    audit = situation.audit
    state = State(audit.state)
    if state is State.REQUESTED:
        by_site = audit.asked_by == Asker.SITE
        return _("The buyer decides about this audit.") if by_site else _("The site answers whether it accepts.")
    if state is State.ACCEPTED:
        return _("The buyer or the audit firm sets the days on site.")
    if state is State.SCHEDULED:
        return waiting_for_start(situation)
    if state is State.IN_PROGRESS and audit.presented_at is not None:
        return _(
            "The site acknowledges the findings that the auditors presented. "
            "From the last day on site on the audit firm can go on without its signature."
        )
    if state is State.IN_PROGRESS:
        return _("The auditors are on site and write their conclusions.")
    return str(WAITING[state])


def waiting_for_start(situation: Situation) -> str:
    """Return what a scheduled audit still lacks before it can start."""
    if situation.audit.firm_id is None:
        return _("The buyer chooses the audit firm.")
    if not situation.is_led:
        return _("The audit firm assigns the auditors.")
    if not situation.is_ready:
        return _("The auditors declare whether they have a conflict of interest.")
    return _("Everything is ready. The auditors start on the first day on site.")
