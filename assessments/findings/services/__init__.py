"""Deeds on findings and corrective actions, split by subject."""

from assessments.findings.services.evidence import (
    add_action_file,
    remove_action_file,
)
from assessments.findings.services.extending import (
    ask_extension,
    decide_extension,
)
from assessments.findings.services.following import (
    close_finding,
    confirm_finding,
    decide_dispute,
    dismiss_finding,
    dispute_finding,
    make_collaborative,
    merge_finding,
    reopen_finding,
)
from assessments.findings.services.planning import (
    accept_plan,
    add_comment,
    ask_new_plan,
    finish_action,
    reject_plan,
    save_plan,
    send_back_action,
    start_action,
    submit_plan,
    submit_plans,
    verify_action,
    withdraw_plan,
)
from assessments.findings.services.raising import (
    Key,
    Raised,
    enter_finding,
    raise_audit_findings,
    raise_findings,
    set_inspectors,
)
from assessments.findings.services.reminding import (
    remind_actions,
)

__all__ = [
    "Key",
    "Raised",
    "accept_plan",
    "add_action_file",
    "add_comment",
    "ask_extension",
    "ask_new_plan",
    "close_finding",
    "confirm_finding",
    "decide_dispute",
    "decide_extension",
    "dismiss_finding",
    "dispute_finding",
    "enter_finding",
    "finish_action",
    "make_collaborative",
    "merge_finding",
    "raise_audit_findings",
    "raise_findings",
    "reject_plan",
    "remind_actions",
    "remove_action_file",
    "reopen_finding",
    "save_plan",
    "send_back_action",
    "set_inspectors",
    "start_action",
    "submit_plan",
    "submit_plans",
    "verify_action",
    "withdraw_plan",
]
